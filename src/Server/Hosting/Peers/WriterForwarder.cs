using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Hosting.Peers;

/// <summary>
/// On a server that follows: passes requests that need the writer on to it, and its answers back, both as streams. The answer to a change is
/// held until this server shows the change, so that its client reads what it wrote.
/// </summary>
internal sealed class WriterForwarder : IDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1),
        ConnectPatience = TimeSpan.FromSeconds(2),
        SilencePatience = TimeSpan.FromSeconds(90),
        OwnWritePatience = TimeSpan.FromSeconds(3);

    // They are about one connection, or are ours.
    private static readonly HashSet<string> NotPassedOn = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Transfer-Encoding",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Host",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "Forwarded",
        PeerRequests.CommitHeader,
    };

    private readonly HttpMessageInvoker _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectPatience,
            MaxConnectionsPerServer = 256,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ActivityHeadersPropagator = null,
        }
    );
    private readonly Database _database;
    private readonly TokenStore _tokens;
    private readonly bool _inBucket;
    private readonly string? _secret;
    private readonly ILogger<WriterForwarder> _log;
    private string? _fault;

    // Cancelled when another server writes: the one before cannot finish what it was asked, and may never answer.
    private CancellationTokenSource _ofWriter = new();

    public WriterForwarder(Database database, TokenStore tokens, ServerOptions options, ILogger<WriterForwarder> log)
    {
        (_database, _tokens, _inBucket, _log) = (database, tokens, options.MediaBucket is not null, log);
        _secret = options.PeerSecretFile is { } file ? PeerRequests.ReadSecret(file) : null;
        database.Role.WriterChanged += () => Interlocked.Exchange(ref _ofWriter, new()).Cancel();
    }

    /// <summary>What the host should know: why the server that writes took no request of this one; null when it did.</summary>
    public string? Fault => _database.Role.IsWriter ? null : Volatile.Read(ref _fault);

    public void Dispose()
    {
        _http.Dispose();
        _ofWriter.Dispose();
    }

    /// <summary>Call it when the route is known: passes on what changes something, and what only the writer can read.</summary>
    public Task PassOnChangesAsync(HttpContext context, RequestDelegate next) =>
        !_database.Role.IsWriter && AnsweredByWriter.Is(context.Request.Method, context.GetEndpoint()?.Metadata, _inBucket)
            ? PassOnAsync(context)
            : next(context);

    /// <summary>Call it when the caller is known: passes on requests whose use of a token has to be noted, which the writer does.</summary>
    public async Task PassOnUsesAsync(HttpContext context, RequestDelegate next)
    {
        if (
            !_database.Role.IsWriter
            && _database.Role.Writer?.Peers is not null
            && context.GetEndpoint()?.Metadata.GetMetadata<NeverEnds>() is null
            && context.FindAccount() is { } caller
            && _tokens.IsUseToBeNoted(caller.TokenId)
        )
        {
            try
            {
                await PassOnAsync(context).ConfigureAwait(false);
                return;
            }
            catch (ApiProblem) when (!context.Response.HasStarted)
            {
                // It reads, which this server can do as well. A later request is noted.
            }
        }
        await next(context).ConfigureAwait(false);
    }

    private async Task PassOnAsync(HttpContext context)
    {
        if (_database.Role.Writer?.Peers is not { } peers || _secret is null)
        {
            throw Unavailable("no server writes now, so that nothing can be changed; try again in a moment");
        }
        // The writer has the limits of its routes.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, Volatile.Read(ref _ofWriter).Token);
        patience.CancelAfter(SilencePatience);
        using var request = RequestOf(context, peers, _secret, patience);
        try
        {
            using var answer = await _http.SendAsync(request, patience.Token).ConfigureAwait(false);
            Note(
                answer.StatusCode == HttpStatusCode.Unauthorized && !answer.Headers.Contains(PeerRequests.CommitHeader)
                    ? "does not know the secret of this one: both need the same --peer-secret-file"
                    : null
            );
            await AnswerAsync(context, answer, patience).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || IsSilence(e, context))
        {
            if (IsUnreachable(e))
            {
                Note($"cannot be reached at {peers}: is that its --listen-peers, and does the network let this server through?");
            }
            if (context.Response.HasStarted)
            {
                // Nothing else tells the client that the rest is missing.
                context.Abort();
                return;
            }
            throw Unavailable(
                IsUnreachable(e)
                    ? "the server that writes cannot be reached; try again in a moment"
                    : "the server that writes went away meanwhile; this may have been saved or not: ask again with the same idempotency key"
            );
        }
    }

    private static bool IsUnreachable(Exception e) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    private void Note(string? fault)
    {
        if (Interlocked.Exchange(ref _fault, fault) != fault && fault is not null)
        {
            Log.WriterRefuses(_log, fault);
        }
    }

    private static HttpRequestMessage RequestOf(HttpContext context, Uri peers, string secret, CancellationTokenSource patience)
    {
        var original = context.Request;
        var request = new HttpRequestMessage(
            new(original.Method),
            new Uri(peers, $"{original.PathBase}{original.Path}{original.QueryString}")
        )
        {
            Version = HttpVersion.Version11,
        };
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? original.ContentLength > 0;
        if (hasBody)
        {
            request.Content = new StreamContent(new WatchedStream(original.Body, () => patience.CancelAfter(SilencePatience)));
        }
        foreach (var (name, values) in original.Headers.Where(header => !NotPassedOn.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }
        request.Headers.Host = original.Host.Value;
        request.Headers.TryAddWithoutValidation(PeerRequests.SecretHeader, secret);
        request.Headers.TryAddWithoutValidation(PeerRequests.ClientHeader, context.Connection.RemoteIpAddress?.ToString() ?? "");
        request.Headers.TryAddWithoutValidation(PeerRequests.SchemeHeader, original.Scheme);
        return request;
    }

    private async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, CancellationTokenSource patience)
    {
        if (
            !answer.Headers.TryGetValues(PeerRequests.CommitHeader, out var commits)
            || !long.TryParse(commits.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var commit)
        )
        {
            throw Unavailable(
                "the server that writes did not take the request; try again in a moment, and if that is no use, the host has to compare the --peer-secret-file of both"
            );
        }
        // The change is durable, even if another server writes by now. If this takes longer, the answer is still true.
        await _database.Role.WaitForAsync(commit, OwnWritePatience, context.RequestAborted).ConfigureAwait(false);
        await using var body = await answer.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        var buffer = new byte[16 * 1024];
        // The writer may still be lost before the first byte: until then, this answer can become another one.
        var read = await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !NotPassedOn.Contains(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }
        while (read > 0)
        {
            patience.CancelAfter(SilencePatience);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), patience.Token).ConfigureAwait(false);
            // The events of a stream must not wait for more.
            await context.Response.Body.FlushAsync(patience.Token).ConfigureAwait(false);
            read = await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        }
    }

    private static bool IsSilence(Exception e, HttpContext context) =>
        e is OperationCanceledException && !context.RequestAborted.IsCancellationRequested;

    private static ApiProblem Unavailable(string detail) => new(Errors.ServerUnavailable, detail) { RetryAfter = TryAgainAfter };
}
