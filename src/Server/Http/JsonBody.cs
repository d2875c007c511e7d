using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Reads a request's JSON, and says by name which field is wrong.</summary>
internal static class JsonBody
{
    private const int MaximumDepth = 64;

    public static bool Is(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    /// <param name="request">Its body is read whole, up to <paramref name="maximumBytes"/>.</param>
    /// <param name="type">How the JSON becomes a value.</param>
    /// <param name="maximumBytes">Above it 413.</param>
    /// <exception cref="ApiProblem"><c>media_type_refused</c>, <c>invalid_json</c>, <c>invalid_request</c>, <c>too_large</c>.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, long maximumBytes = 64 * 1024)
    {
        if (!Is(request))
        {
            throw new ApiProblem(
                Errors.MediaTypeRefused,
                $"this route takes application/json, not {(request.ContentType is { } given ? Excerpt.Of(given) : "a body without a type")}"
            );
        }
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = maximumBytes;
        }
        // Two steps tell a body that is no JSON from one that has a wrong field.
        using var document = await ParseAsync(request).ConfigureAwait(false);
        var faults = new ValidationErrors();
        try
        {
            JsonShape.Check(document.RootElement, type, faults);
        }
        catch (InvalidOperationException)
        {
            throw new ApiProblem(Errors.InvalidJson, "the body is not JSON that can be read: a name in it has half a character");
        }
        faults.ThrowIfAny();
        try
        {
            return document.Deserialize(type) ?? throw ApiProblem.Invalid("body", "null, where an object was expected");
        }
        catch (JsonException e)
        {
            var field = e.Path is null or "$" ? "body" : e.Path.TrimStart('$', '.');
            throw ApiProblem.Invalid(field, "a value of the wrong type");
        }
    }

    /// <summary>For a route whose fields are all optional.</summary>
    /// <returns>Null when there is no body.</returns>
    /// <exception cref="ApiProblem">As <see cref="ReadAsync"/>.</exception>
    public static async Task<T?> TryReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class => IsMissing(request) ? null : await ReadAsync(request, type).ConfigureAwait(false);

    /// <summary>For a route that takes nothing: a body may be missing or an empty object.</summary>
    /// <exception cref="ApiProblem">As <see cref="ReadAsync"/>.</exception>
    public static async Task VerifyEmptyAsync(HttpRequest request)
    {
        if (!IsMissing(request))
        {
            await ReadAsync(request, ContractsJson.Default.NoFields).ConfigureAwait(false);
        }
    }

    private static bool IsMissing(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    private static async Task<JsonDocument> ParseAsync(HttpRequest request)
    {
        try
        {
            return await JsonDocument
                .ParseAsync(request.Body, new() { MaxDepth = MaximumDepth }, request.HttpContext.RequestAborted)
                .ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw new ApiProblem(
                Errors.InvalidJson,
                $"the body is not JSON, or nests deeper than {MaximumDepth} levels: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"
            );
        }
    }
}
