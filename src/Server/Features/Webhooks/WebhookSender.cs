using System.Net.Http.Headers;
using System.Net.Mime;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Events;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Makes one attempt: renders the event as the maker may see it now, signs and sends it, and reads only the status.</summary>
internal sealed class WebhookSender : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Response bodies are ignored. Up to this size they are drained, so that the connection can be reused.
    private const int DrainedBytes = 4096,
        HeaderKilobytes = 16;
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(30);

    private readonly EventView _view;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public WebhookSender(EventView view, WebhookDialer dialer, TimeProvider time)
    {
        _view = view;
        _time = time;
        _http = new(
            new SocketsHttpHandler
            {
                ConnectCallback = dialer.ConnectAsync,
                AllowAutoRedirect = false,
                // A proxy from the environment would connect to unchecked addresses.
                UseProxy = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                MaxResponseDrainSize = DrainedBytes,
                MaxResponseHeadersLength = HeaderKilobytes,
                PooledConnectionIdleTimeout = IdleConnection,
            }
        );
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="OperationCanceledException">The server stops, so the result of the attempt is unknown.</exception>
    public async Task<Attempt> AttemptAsync(WebhookEntry webhook, DeliveryRow delivery, CancellationToken stop)
    {
        if (_view.Find(delivery.Happened, webhook.Row.Maker, mayRead: true) is not { } found || _view.Show(found) is not { } shown)
        {
            return Attempt.Withdrawn();
        }
        var started = _time.GetTimestamp();
        long Elapsed() => (long)_time.GetElapsedTime(started).TotalMilliseconds;
        using var request = Sign(
            webhook,
            delivery,
            new()
            {
                Type = shown.Type,
                Timestamp = shown.At,
                Data = shown,
            }
        );
        using var late = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            return new(status, status is >= 300 and < 400 ? "redirects are not followed" : null, Elapsed())
            {
                RetryAfter = RetryAfter(response.Headers.RetryAfter),
            };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(null, $"no answer within {Patience.TotalSeconds} s", Elapsed());
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(null, Reason(e), Elapsed());
        }
    }

    private HttpRequestMessage Sign(WebhookEntry webhook, DeliveryRow delivery, WebhookMessage message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, ContractsJson.Default.WebhookMessage);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        return new(HttpMethod.Post, webhook.Row.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new(MediaTypeNames.Application.Json) } },
            Headers =
            {
                { "User-Agent", "stories-server" },
                { "webhook-id", delivery.Id },
                { "webhook-timestamp", FormattableString.Invariant($"{timestamp}") },
                { "webhook-signature", WebhookSecrets.Sign(webhook.Secret!, delivery.Id, timestamp, body) },
            },
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var pause = header?.Delta ?? (header?.Date is { } until ? until - _time.GetUtcNow() : null);
        return pause > TimeSpan.Zero
            ? pause < RetrySchedule.LongestPause
                ? pause
                : RetrySchedule.LongestPause
            : null;
    }

    /// <summary>Our own words: the framework's message may contain the URL, whose path is often a secret.</summary>
    private static string Reason(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AddressRefusedException refused:
                    return refused.Message;
                case AuthenticationException:
                    return "no TLS connection: its certificate is not trusted, not its own or over, or it speaks no TLS that is safe";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "the connection was refused";
                case SocketException socket:
                    return $"the connection failed: {socket.SocketErrorCode}";
            }
        }
        return failure switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                $"no answer that is HTTP: its headers are larger than {HeaderKilobytes} KB",
            HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http =>
                $"no answer that is HTTP: {http.HttpRequestError}",
            _ => "the connection broke off",
        };
    }
}
