using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace StoriesCli.Testing;

/// <summary>A response as it was received.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Headers of the response and of its content.</param>
/// <param name="Body">Body as received.</param>
public sealed record WireAnswer(HttpStatusCode Status, ILookup<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Code of the problem document.</summary>
    public string Code => Json.GetProperty("code").GetString()!;

    public string Detail => Json.GetProperty("detail").GetString()!;

    public string? Header(string name) => Headers[name].FirstOrDefault();
}

/// <summary>Raw HTTP, as sent by a client that knows only the API's contract.</summary>
/// <param name="url">Called before each request: a restarted server listens on another port.</param>
/// <param name="token">Token; null to send none.</param>
public sealed class Wire(Func<Uri> url, string? token) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public Task<WireAnswer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<WireAnswer> PostJsonAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public Task<WireAnswer> PutAsync(string path, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, new ByteArrayContent(body), headers);

    public async Task<WireAnswer> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(url(), path)) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await _http.SendAsync(request);
        var all = response.Headers.Concat(response.Content.Headers).SelectMany(h => h.Value.Select(v => (h.Key, v)));
        return new(
            response.StatusCode,
            all.ToLookup(h => h.Key, h => h.v, StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsByteArrayAsync()
        );
    }

    /// <summary>Requests a response that does not end: returns its headers, and the body as a stream.</summary>
    public async Task<(WireAnswer Head, StreamReader Lines)> OpenAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url(), path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var all = response.Headers.Concat(response.Content.Headers).SelectMany(h => h.Value.Select(v => (h.Key, v)));
        return (
            new(response.StatusCode, all.ToLookup(h => h.Key, h => h.v, StringComparer.OrdinalIgnoreCase), []),
            new(await response.Content.ReadAsStreamAsync(cancel))
        );
    }

    public void Dispose() => _http.Dispose();
}
