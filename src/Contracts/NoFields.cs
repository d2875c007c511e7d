using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>JSON body without fields, for a request whose route says everything, such as <c>PUT /v1/stories/{id}/view</c>. You can omit it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NoFields;
