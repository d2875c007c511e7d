using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>The JSON body of a request that says everything with its route, such as <c>PUT /v1/stories/{id}/view</c>; it may as well be missing.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NoFields;
