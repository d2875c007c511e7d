using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Talks to one server as one account. Safe for use by several threads at once; redirects are not followed.</summary>
/// <remarks>
/// Every call may throw <see cref="ApiException"/> (the server refused), <see cref="ServerUnreachableException"/> (no answer after all
/// tries) and <see cref="OperationCanceledException"/>.
/// </remarks>
public sealed partial class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Retries _retries;
    private readonly ApiClientOptions _options;
    private readonly GuardedProxy _proxy;
    private long _clockOffsetTicks;

    /// <summary>Prepares a client; nothing is sent.</summary>
    /// <param name="server">Scheme, host and port of the server; see <see cref="ServerAddress"/>.</param>
    /// <param name="token">A token (<c>sty_…</c>), or null to call only what needs none.</param>
    /// <param name="options">How to retry, and what to allow.</param>
    /// <exception cref="ArgumentException">The address is plain http beyond loopback and <see cref="ApiClientOptions.AllowPlainHttp"/> is off.</exception>
    public ApiClient(Uri server, string? token, ApiClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        _options = options ?? new();
        if (!_options.AllowPlainHttp && !ServerAddress.IsProtected(server))
        {
            throw new ArgumentException($"{ServerAddress.Origin(server)} is plain http to another machine.", nameof(server));
        }
        Server = new(ServerAddress.Origin(server));
        _retries = new(_options);
        _proxy = GuardedProxy.Of(_options.Proxy);
        _http = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                Proxy = _proxy,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = _options.ConnectTimeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
            }
        )
        {
            BaseAddress = Server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(_options.UserAgent);
        if (!string.IsNullOrEmpty(token))
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    /// <summary>The server that is called: scheme, host and port.</summary>
    public Uri Server { get; }

    /// <summary>How far the server's clock is ahead of this machine's, by its latest answer; zero where a date in whole seconds tells no difference.</summary>
    public TimeSpan ClockOffset => new(Interlocked.Read(ref _clockOffsetTicks));

    /// <summary>The proxy of the environment that leads to a server, without name and password; null where none does.</summary>
    public static string? FindProxy(Uri server) => GuardedProxy.Of(null).NameFor(server);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) =>
        ReadAsync(_ => new(HttpMethod.Get, path), type, RetryRule.AnyFault, cancel);

    /// <summary>Every POST that creates carries one key for all its tries, so that a try whose answer was lost is not repeated in effect.</summary>
    private Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancel
    )
    {
        var key = NewIdempotencyKey();
        return ReadAsync(
            _ => WithKey(new(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) }, key),
            answerType,
            RetryRule.AnyFault,
            cancel
        );
    }

    private async Task CallAsync(HttpMethod method, string path, CancellationToken cancel)
    {
        using var answer = await SendAsync(_ => new(method, path), HttpCompletionOption.ResponseContentRead, RetryRule.AnyFault, cancel)
            .ConfigureAwait(false);
    }

    private async Task<T> ReadAsync<T>(
        Func<IdleGuard, HttpRequestMessage> request,
        JsonTypeInfo<T> type,
        RetryRule rule,
        CancellationToken cancel
    )
    {
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, rule, cancel).ConfigureAwait(false);
        try
        {
            if (_options.Received is null)
            {
                return await answer.Content.ReadFromJsonAsync(type, cancel).ConfigureAwait(false) ?? throw new JsonException("null");
            }
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false));
            var value = document.RootElement.Deserialize(type) ?? throw new JsonException("null");
            _options.Received.Keep(value, document.RootElement.Clone());
            return value;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw (Exception?)
                SecretLostException.Find(typeof(T), await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false), e)
                ?? NotOurs(answer.Content.Headers.ContentType?.MediaType, e);
        }
    }

    /// <summary>Sends until an answer came that no rule wants to try again, and returns it when it is a success.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        Func<IdleGuard, HttpRequestMessage> request,
        HttpCompletionOption until,
        RetryRule rule,
        CancellationToken cancel
    )
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _retries.RunAsync(rule, stop => TryAsync(request, until, stop), cancel).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
        LearnClock(answer.Headers.Date);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }
        using (answer)
        {
            throw await ApiException.ReadAsync(answer, _proxy.NameFor(Server), cancel).ConfigureAwait(false);
        }
    }

    private ServerUnreachableException Unreachable(HttpRequestException fault) =>
        ServerUnreachableException.From(Server, _proxy.NameFor(Server), fault);

    private ServerUnreachableException NotOurs(string? mediaType, Exception cause) =>
        ServerUnreachableException.NotOurs(Server, _proxy.NameFor(Server), mediaType, cause);

    private void LearnClock(DateTimeOffset? date)
    {
        if (date is not { } cut)
        {
            return;
        }
        // The header's fraction is cut off, and the answer was on its way for a while.
        var offset = cut + TimeSpan.FromSeconds(0.5) - _options.Clock.GetUtcNow();
        Interlocked.Exchange(ref _clockOffsetTicks, offset.Duration() < TimeSpan.FromSeconds(2) ? 0 : offset.Ticks);
    }

    private async Task<HttpResponseMessage> TryAsync(
        Func<IdleGuard, HttpRequestMessage> request,
        HttpCompletionOption until,
        CancellationToken cancel
    )
    {
        using var guard = new IdleGuard(_options, cancel);
        using var message = request(guard);
        try
        {
            return await _http.SendAsync(message, until, guard.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError == HttpRequestError.ResponseEnded && message.Content is HeldContent { HasBegun: false })
        {
            throw new StatedFault(HttpRequestError.ConnectionError, "the connection broke before anything was sent", e.InnerException);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw guard.Explain(e);
        }
    }

    private static HttpRequestMessage WithKey(HttpRequestMessage message, string idempotencyKey)
    {
        message.Headers.Add("Idempotency-Key", idempotencyKey);
        return message;
    }

    /// <summary>A key for one post and all its tries: 128 random bits.</summary>
    public static string NewIdempotencyKey() => Guid.NewGuid().ToString("N");

    /// <exception cref="ArgumentException">The text could not be an id, so that a path made of it might name something else.</exception>
    private static string Segment(string id) =>
        Names.Id.IsMatch(id) ? id : throw new ArgumentException($"\"{id}\" is not an id.", nameof(id));
}
