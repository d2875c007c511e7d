using System.Text;
using System.Text.Json;

namespace StoriesCli.Client.Api;

/// <summary>The server refused a request. Everything is as received; what was not received is null.</summary>
public sealed class ApiException : Exception
{
    private const int DocumentBytesMaximum = 1024 * 1024;

    private ApiException(int status, string message)
        : base(message) => Status = status;

    /// <summary>HTTP status, 300–599.</summary>
    public int Status { get; }

    /// <summary>One of <see cref="Contracts.Errors"/>, or one of a newer server's; null when something between answered.</summary>
    public string? Code { get; private init; }

    /// <summary>The code's sentence.</summary>
    public string? Title { get; private init; }

    /// <summary>What is wrong this time: the limit and the value that was seen.</summary>
    public string? Detail { get; private init; }

    /// <summary>Names this request in the server's log.</summary>
    public string? TraceId { get; private init; }

    /// <summary>Faults by field name; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; private init; } = new Dictionary<string, string[]>();

    /// <summary>The problem document as JSON; null when none came.</summary>
    public string? Document { get; private init; }

    /// <summary>When the server asks to come back, if it does.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>What the command line exits with, 1–6: by the code, or by the status where the code is unknown here.</summary>
    public int ExitCode =>
        (Code is null ? null : Contracts.Errors.Find(Code)?.ExitCode)
        ?? Status switch
        {
            404 or 410 => 3,
            // The path is there, what is asked of it is not: an older server's.
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
                ? $"{who} redirects to {ServerAddress.Shown(target.OriginalString)}, which is not followed: give the final address."
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
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new(status, plain) { RetryAfter = answer.Headers.RetryAfter?.Delta };
        }
    }

    /// <summary>The refusal is known from its status already: a body that breaks off, or never ends, must not hide it.</summary>
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
