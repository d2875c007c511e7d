using System.Text;
using System.Text.Json;

namespace StoriesCli.Client.Api;

/// <summary>The server refused a request. Values are as received, or null.</summary>
public sealed class ApiException : Exception
{
    private const int DocumentBytesMaximum = 1024 * 1024;

    private ApiException(int status, string message)
        : base(message) => Status = status;

    /// <summary>HTTP status, 300–599.</summary>
    public int Status { get; }

    /// <summary>One of <see cref="Contracts.Errors"/>, or a newer server's code; null if a proxy answered.</summary>
    public string? Code { get; private init; }

    /// <summary>The title of the code.</summary>
    public string? Title { get; private init; }

    /// <summary>What is wrong, with the value and the limit.</summary>
    public string? Detail { get; private init; }

    /// <summary>Names this request in the server's log.</summary>
    public string? TraceId { get; private init; }

    /// <summary>Errors by field name; may be empty.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; private init; } = new Dictionary<string, string[]>();

    /// <summary>The problem document as JSON, or null.</summary>
    public string? Document { get; private init; }

    /// <summary>The server's <c>Retry-After</c>, or null.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>For <c>live_offset</c>: how many bytes of output the server has; null otherwise.</summary>
    public long? Offset { get; private init; }

    /// <summary>The exit code of the command line, 1–6, from the code, or from the status if the code is unknown.</summary>
    public int ExitCode =>
        (Code is null ? null : Contracts.Errors.Find(Code)?.ExitCode)
        ?? Status switch
        {
            404 or 410 => 3,
            // The path exists but not the method: an older server.
            405 => 1,
            401 or 403 => 4,
            408 or 429 or 502 or 503 or 504 => 6,
            >= 400 and < 500 or 507 => 5,
            _ => 1,
        };

    internal static async Task<ApiException> ReadAsync(HttpResponseMessage answer, string? proxy, CancellationToken cancel)
    {
        var status = (int)answer.StatusCode;
        var who = proxy is null ? "The server" : $"The server, or the proxy {proxy},";
        var plain =
            answer.Headers.Location is { } target && status < 400
                ? $"{who} redirects to {ServerAddress.Shown(target.OriginalString)}. Redirects are not followed: use the final address."
                : $"{who} answered {status} {answer.ReasonPhrase}".TrimEnd() + ".";
        var body = await ReadBodyAsync(answer, cancel).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var detail = Text(root, "detail");
            var title = Text(root, "title");
            return new(status, detail ?? title ?? plain)
            {
                Code = Text(root, "code"),
                Title = title,
                Detail = detail,
                TraceId = Text(root, "traceId"),
                Errors = Faults(root),
                Document = body,
                RetryAfter = answer.Headers.RetryAfter?.Delta,
                Offset = LiveClient.ReadOffset(answer.Headers),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new(status, plain) { RetryAfter = answer.Headers.RetryAfter?.Delta };
        }
    }

    /// <summary>The status is enough to report a refusal, even if the body is incomplete.</summary>
    private static async Task<string> ReadBodyAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            await answer.Content.LoadIntoBufferAsync(DocumentBytesMaximum, cancel).ConfigureAwait(false);
            return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false));
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Dictionary<string, string[]> Faults(JsonElement root) =>
        root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object
            ? errors
                .EnumerateObject()
                .Where(field => field.Value.ValueKind == JsonValueKind.Array)
                .ToDictionary(field => field.Name, field => field.Value.EnumerateArray().Select(fault => fault.ToString()).ToArray())
            : [];
}
