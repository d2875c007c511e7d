using System.Runtime.CompilerServices;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client;

public sealed partial class ApiClient
{
    private const string EventStreamType = "text/event-stream";
    private static readonly TimeSpan WatchPauseMaximum = TimeSpan.FromSeconds(30);

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
        await foreach (var happened in ListenAsync(after, cancel).ConfigureAwait(false))
        {
            if (happened is not null)
            {
                yield return happened;
            }
        }
    }

    /// <summary>As <see cref="WatchAsync"/>, with a null each time the stream was opened: from then on nothing is missed, so that what was before can be asked for.</summary>
    /// <inheritdoc cref="WatchAsync"/>
    public async IAsyncEnumerable<StoryEvent?> ListenAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var first = true;
        for (var fruitless = 0; ; fruitless++)
        {
            if (fruitless > 0)
            {
                await PauseWatchAsync(fruitless, cancel).ConfigureAwait(false);
            }
            var connection = await ConnectAsync(after, mustSucceed: first, cancel).ConfigureAwait(false);
            if (connection is null)
            {
                continue;
            }
            first = false;
            fruitless = 0;
            await using var _ = connection.ConfigureAwait(false);
            yield return null;
            while (await NextAsync(connection, cancel).ConfigureAwait(false) is { } happened)
            {
                yield return happened;
            }
            after = connection.LastId ?? after;
        }
    }

    private Task PauseWatchAsync(int fruitless, CancellationToken cancel)
    {
        var pause = _options.RetryPause * Math.Pow(2, Math.Min(fruitless - 1, 10));
        pause = pause < WatchPauseMaximum ? pause : WatchPauseMaximum;
        _options.OnRetry?.Invoke(new(fruitless + 1, pause, "the event stream broke off"));
        return Task.Delay(pause, _options.Clock, cancel);
    }

    /// <returns>Null when it failed in a way that may pass.</returns>
    private async Task<EventConnection?> ConnectAsync(string? after, bool mustSucceed, CancellationToken cancel)
    {
        try
        {
            var answer = await SendAsync(Request, HttpCompletionOption.ResponseHeadersRead, RetryRule.AnyFault, cancel).ConfigureAwait(false);
            var type = answer.Content.Headers.ContentType?.MediaType;
            if (type != EventStreamType)
            {
                answer.Dispose();
                throw ServerUnreachableException.NotOurs(Server, type, new InvalidDataException("not an event stream"));
            }
            return new(answer, await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false), new(_options, cancel), _options.Received);
        }
        catch (Exception e) when (!mustSucceed && e is ServerUnreachableException or ApiException { Status: 429 or >= 500 })
        {
            return null;
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

    private async Task<StoryEvent?> NextAsync(EventConnection connection, CancellationToken cancel)
    {
        try
        {
            return await connection.NextAsync(cancel).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw ServerUnreachableException.NotOurs(Server, EventStreamType, e);
        }
    }
}
