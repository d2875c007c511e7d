using System.Runtime.CompilerServices;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    private const string EventStreamType = "text/event-stream";
    private static readonly TimeSpan WatchPauseMaximum = TimeSpan.FromSeconds(30);

    // The server says something every 15 seconds: what is silent for longer than two of its comments is broken.
    private static readonly TimeSpan WatchSilenceMaximum = TimeSpan.FromSeconds(40);

    /// <summary>Listens to what happens, until the caller ends it. A stream that breaks off is opened again, where it broke off.</summary>
    /// <remarks>
    /// After an <see cref="EventTypes.Reset"/> what is shown must be loaded anew. <see cref="ApiClientOptions.OnRetry"/> is told before each
    /// pause. Only the first connection may fail for good; afterwards it is tried until the server refuses it.
    /// </remarks>
    /// <param name="after"><see cref="StoryEvent.Id"/> of the last event that is known; null for what happens from now on.</param>
    /// <param name="cancel">Ends the listening.</param>
    /// <exception cref="ApiException"><c>not_signed_in</c>, also once the token was revoked.</exception>
    public async IAsyncEnumerable<StoryEvent> WatchAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var happened in ListenAsync(after, null, cancel).ConfigureAwait(false))
        {
            if (happened is not null)
            {
                yield return happened;
            }
        }
    }

    /// <summary>As <see cref="WatchAsync"/>, with a null each time the stream was opened: from then on nothing is missed, so that what was before can be asked for.</summary>
    /// <param name="after"><see cref="StoryEvent.Id"/> of the last event that is known; null for what happens from now on.</param>
    /// <param name="told">Told what the connection does between one and the next, on the thread that listens; must not block.</param>
    /// <param name="cancel">Ends the listening.</param>
    /// <exception cref="ApiException"><c>not_signed_in</c>, also once the token was revoked.</exception>
    public async IAsyncEnumerable<StoryEvent?> ListenAsync(
        string? after = null,
        Action<WatchStep>? told = null,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        var first = true;
        var reason = "the event stream broke off";
        for (var fruitless = 0; ; fruitless++)
        {
            if (fruitless > 0)
            {
                await PauseWatchAsync(fruitless, reason, told, cancel).ConfigureAwait(false);
            }
            told?.Invoke(new WatchStep.Connecting());
            var (connection, trouble) = await ConnectAsync(after, mustSucceed: first, cancel).ConfigureAwait(false);
            if (connection is null)
            {
                reason = trouble!;
                continue;
            }
            first = false;
            fruitless = 0;
            reason = "the event stream broke off";
            await using var _ = connection.ConfigureAwait(false);
            yield return null;
            while (await NextAsync(connection, cancel).ConfigureAwait(false) is { } happened)
            {
                yield return happened;
            }
            after = connection.LastId ?? after;
        }
    }

    private Task PauseWatchAsync(int fruitless, string reason, Action<WatchStep>? told, CancellationToken cancel)
    {
        var pause = _options.RetryPause * Math.Pow(2, Math.Min(fruitless - 1, 10));
        pause = pause < WatchPauseMaximum ? pause : WatchPauseMaximum;
        _options.OnRetry?.Invoke(new(fruitless + 1, pause, reason) { IsEndless = true });
        told?.Invoke(new WatchStep.Broken(reason, pause));
        return Task.Delay(pause, _options.Clock, cancel);
    }

    /// <returns>No connection but the reason when it failed in a way that may pass.</returns>
    private async Task<(EventConnection? Connection, string? Trouble)> ConnectAsync(
        string? after,
        bool mustSucceed,
        CancellationToken cancel
    )
    {
        try
        {
            var answer = await SendAsync(Request, HttpCompletionOption.ResponseHeadersRead, RetryRule.AnyFault, cancel)
                .ConfigureAwait(false);
            var type = answer.Content.Headers.ContentType?.MediaType;
            if (type != EventStreamType)
            {
                answer.Dispose();
                throw NotOurs(type, new InvalidDataException("not an event stream"));
            }
            var guard = new IdleGuard(_options with { IdleTimeout = Shorter(_options.IdleTimeout, WatchSilenceMaximum) }, cancel);
            return (new(answer, await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false), guard, _options.Received), null);
        }
        catch (Exception e) when (!mustSucceed && e is ServerUnreachableException or ApiException { Status: 429 or >= 500 })
        {
            return (null, e.Message);
        }

        HttpRequestMessage Request(IdleGuard guard)
        {
            var message = new HttpRequestMessage(HttpMethod.Get, "/v1/events") { Headers = { Accept = { new(EventStreamType) } } };
            if (after is not null)
            {
                message.Headers.Add("Last-Event-ID", after);
            }
            return message;
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task<StoryEvent?> NextAsync(EventConnection connection, CancellationToken cancel)
    {
        try
        {
            return await connection.NextAsync(cancel).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw NotOurs(EventStreamType, e);
        }
    }
}
