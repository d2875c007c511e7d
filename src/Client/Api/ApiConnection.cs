using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StoriesCli.Contracts;
using StoriesCli.Posix;

namespace StoriesCli.Client.Api;

/// <summary>Sends requests to one server as one account, with retries. The clients of the areas share it.</summary>
internal sealed class ApiConnection : IDisposable
{
    private readonly HttpClient _http;
    private readonly Retries _retries;
    private readonly GuardedProxy _proxy;
    private long _clockOffsetTicks;

    public ApiConnection(Uri server, string? token, ApiClientOptions options)
    {
        Options = options;
        if (!Options.AllowPlainHttp && !ServerAddress.IsProtected(server))
        {
            throw new ArgumentException($"{ServerAddress.Origin(server)} is plain http to another machine.", nameof(server));
        }
        Server = new(ServerAddress.Origin(server));
        if (Server.Scheme == Uri.UriSchemeHttps)
        {
            OpenSsl.Require();
        }
        _retries = new(Options);
        _proxy = GuardedProxy.Of(Options.Proxy);
        _http = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                Proxy = _proxy,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = Options.ConnectTimeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
            }
        )
        {
            BaseAddress = Server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(Options.UserAgent);
        if (!string.IsNullOrEmpty(token))
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    public Uri Server { get; }

    public ApiClientOptions Options { get; }

    public TimeSpan ClockOffset => new(Interlocked.Read(ref _clockOffsetTicks));

    public void Dispose() => _http.Dispose();

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) =>
        ReadAsync(_ => new(HttpMethod.Get, path), type, RetryRule.AnyFault, cancel);

    /// <summary>Sends one idempotency key with all tries, so that a retry after a lost answer creates nothing twice.</summary>
    public Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancel
    )
    {
        var key = ApiClient.NewIdempotencyKey();
        return ReadAsync(
            _ => WithKey(new(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) }, key),
            answerType,
            RetryRule.AnyFault,
            cancel
        );
    }

    public async Task CallAsync(HttpMethod method, string path, CancellationToken cancel)
    {
        using var answer = await SendAsync(_ => new(method, path), HttpCompletionOption.ResponseContentRead, RetryRule.AnyFault, cancel)
            .ConfigureAwait(false);
    }

    public async Task<T> ReadAsync<T>(
        Func<IdleGuard, HttpRequestMessage> request,
        JsonTypeInfo<T> type,
        RetryRule rule,
        CancellationToken cancel
    )
    {
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, rule, cancel).ConfigureAwait(false);
        try
        {
            if (Options.Received is null)
            {
                return await answer.Content.ReadFromJsonAsync(type, cancel).ConfigureAwait(false) ?? throw new JsonException("null");
            }
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false));
            var value = document.RootElement.Deserialize(type) ?? throw new JsonException("null");
            Options.Received.Keep(value, document.RootElement.Clone());
            return value;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw (Exception?)
                SecretLostException.Find(typeof(T), await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false), e)
                ?? NotOurs(answer.Content.Headers.ContentType?.MediaType, e);
        }
    }

    public async IAsyncEnumerable<T> PagesAsync<T>(Func<string?, Task<Page<T>>> read)
        where T : class
    {
        string? cursor = null;
        do
        {
            var page = await read(cursor).ConfigureAwait(false);
            Options.Received?.KeepItems(page, page.Items);
            foreach (var item in page.Items)
            {
                yield return item;
            }
            cursor = page.NextCursor;
        } while (cursor is not null);
    }

    /// <summary>Reads all pages of a list that has more than items.</summary>
    public static async Task<List<T>> WholeAsync<T>(Func<string?, Task<T>> read, Func<T, string?> next)
    {
        var pages = new List<T>();
        do
        {
            pages.Add(await read(pages.Count == 0 ? null : next(pages[^1])).ConfigureAwait(false));
        } while (next(pages[^1]) is not null);
        return pages;
    }

    /// <summary>Sends with retries, and returns a successful answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        Func<IdleGuard, HttpRequestMessage> request,
        HttpCompletionOption until,
        RetryRule rule,
        CancellationToken cancel
    )
    {
        HttpResponseMessage answer;
        var tries = 0;
        try
        {
            answer = await _retries.RunAsync(rule, Try, cancel).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e, tries);
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

        Task<HttpResponseMessage> Try(CancellationToken stop)
        {
            tries++;
            return TryAsync(request, until, stop);
        }
    }

    public ServerUnreachableException Unreachable(HttpRequestException fault, int tries = 1) =>
        ServerUnreachableException.From(Server, _proxy.NameFor(Server), fault, tries);

    public ServerUnreachableException NotOurs(string? mediaType, Exception cause) =>
        ServerUnreachableException.NotOurs(Server, _proxy.NameFor(Server), mediaType, cause);

    private void LearnClock(DateTimeOffset? date)
    {
        if (date is not { } cut)
        {
            return;
        }
        // The header has whole seconds: assume the middle of the second.
        var offset = cut + TimeSpan.FromSeconds(0.5) - Options.Clock.GetUtcNow();
        Interlocked.Exchange(ref _clockOffsetTicks, offset.Duration() < TimeSpan.FromSeconds(2) ? 0 : offset.Ticks);
    }

    private async Task<HttpResponseMessage> TryAsync(
        Func<IdleGuard, HttpRequestMessage> request,
        HttpCompletionOption until,
        CancellationToken cancel
    )
    {
        using var guard = new IdleGuard(Options, cancel);
        using var message = request(guard);
        try
        {
            return await _http.SendAsync(message, until, guard.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError == HttpRequestError.ResponseEnded && message.Content is ExpectContinueContent { HasBegun: false })
        {
            throw new DescribedRequestException(
                HttpRequestError.ConnectionError,
                "the connection broke before anything was sent",
                e.InnerException
            );
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw guard.Explain(e);
        }
    }

    public static HttpRequestMessage WithKey(HttpRequestMessage message, string idempotencyKey)
    {
        message.Headers.Add("Idempotency-Key", idempotencyKey);
        return message;
    }

    /// <exception cref="ArgumentException">The text is not an id, and could change the path.</exception>
    public static string Segment(string id) =>
        Names.Id.IsMatch(id) ? id : throw new ArgumentException($"\"{id}\" is not an id.", nameof(id));
}
