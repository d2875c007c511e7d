using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>What happens, as it happens.</summary>
public sealed class EventsClient
{
    private readonly ApiConnection _api;
    private readonly StoriesClient _stories;

    internal EventsClient(ApiConnection api, StoriesClient stories)
    {
        _api = api;
        _stories = stories;
    }

    private const string EventStreamType = "text/event-stream";
    private static readonly TimeSpan WatchPauseMaximum = TimeSpan.FromSeconds(30);

    // The server sends a comment every 15 seconds. A stream that is silent for longer is broken.
    private static readonly TimeSpan WatchSilenceMaximum = TimeSpan.FromSeconds(40);

    /// <summary>Enumerates events until cancelled. Reopens a broken stream where it broke.</summary>
    /// <remarks>
    /// After an <see cref="EventTypes.Reset"/> the caller must reload its data. <see cref="ApiClientOptions.OnRetry"/> is called before each
    /// pause. Only the first connection can fail for good; later ones are retried until the server refuses them.
    /// </remarks>
    /// <param name="after"><see cref="StoryEvent.Id"/> of the last known event; null for events from now on.</param>
    /// <param name="cancel">Cancels the enumeration.</param>
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

    /// <summary>As <see cref="WatchAsync"/>, with a null each time the stream is opened. No later event is missed, so the caller can load the earlier state then.</summary>
    /// <param name="after"><see cref="StoryEvent.Id"/> of the last known event; null for events from now on.</param>
    /// <param name="told">Called with the state of the connection, on the enumerating thread; must not block.</param>
    /// <param name="cancel">Cancels the enumeration.</param>
    /// <exception cref="ApiException"><c>not_signed_in</c>, also once the token was revoked.</exception>
    public async IAsyncEnumerable<StoryEvent?> ListenAsync(
        string? after = null,
        Action<ConnectionState>? told = null,
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
            told?.Invoke(new ConnectionState.Connecting());
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

    private Task PauseWatchAsync(int fruitless, string reason, Action<ConnectionState>? told, CancellationToken cancel)
    {
        var pause = _api.Options.RetryPause * Math.Pow(2, Math.Min(fruitless - 1, 10));
        pause = pause < WatchPauseMaximum ? pause : WatchPauseMaximum;
        _api.Options.OnRetry?.Invoke(new(fruitless + 1, pause, reason) { IsEndless = true });
        told?.Invoke(new ConnectionState.Broken(reason, pause));
        return Task.Delay(pause, _api.Options.Clock, cancel);
    }

    /// <returns>The connection, or the reason of a temporary failure.</returns>
    private async Task<(EventConnection? Connection, string? Trouble)> ConnectAsync(
        string? after,
        bool mustSucceed,
        CancellationToken cancel
    )
    {
        try
        {
            var answer = await _api.SendAsync(Request, HttpCompletionOption.ResponseHeadersRead, RetryRule.AnyFault, cancel)
                .ConfigureAwait(false);
            var type = answer.Content.Headers.ContentType?.MediaType;
            if (type != EventStreamType)
            {
                answer.Dispose();
                throw _api.NotOurs(type, new InvalidDataException("not an event stream"));
            }
            var guard = new IdleGuard(_api.Options with { IdleTimeout = Shorter(_api.Options.IdleTimeout, WatchSilenceMaximum) }, cancel);
            return (new(answer, await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false), guard, _api.Options.Received), null);
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
            throw _api.NotOurs(EventStreamType, e);
        }
    }

    /// <summary>
    /// As <see cref="WatchAsync"/>, and after an <see cref="EventTypes.Reset"/>, for example when the server restarts, also yields the stories that were posted
    /// meanwhile and are still active: each once, oldest first, as <see cref="EventTypes.Posted"/>. Other events of that time are lost.
    /// </summary>
    /// <param name="cancel">Cancels the enumeration.</param>
    /// <exception cref="ApiException"><c>not_signed_in</c>, also once the token was revoked.</exception>
    public async IAsyncEnumerable<StoryEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        var known = new StoryDeduplicator(_api.Options.Clock);
        // Before the stream is open, so that no story counts as known before its event.
        await ListUnknownAsync(known, patiently: false, cancel).ConfigureAwait(false);
        await foreach (var happened in WatchAsync(cancel: cancel).ConfigureAwait(false))
        {
            if (known.Repeats(happened))
            {
                continue;
            }
            yield return happened;
            if (happened.Type == EventTypes.Reset)
            {
                foreach (var story in await ListUnknownAsync(known, patiently: true, cancel).ConfigureAwait(false))
                {
                    yield return ToPosted(story);
                }
            }
        }
    }

    /// <returns>Oldest first.</returns>
    private async Task<IReadOnlyList<Story>> ListUnknownAsync(StoryDeduplicator known, bool patiently, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                // A duration is relative to the server's clock.
                var since = Durations.Format(TimeSpan.FromSeconds(Math.Ceiling(known.Reach.TotalSeconds)));
                return known.Learn(
                    await _stories
                        .ListAllAsync(new() { Since = since, Limit = Limits.PageMaximum }, cancel)
                        .ToArrayAsync(cancel)
                        .ConfigureAwait(false)
                );
            }
            catch (Exception e) when (patiently && e is ServerUnreachableException or ApiException { Status: 429 or 502 or 503 or 504 })
            {
                await Task.Delay(UnwellPause, _api.Options.Clock, cancel).ConfigureAwait(false);
            }
        }
    }

    private StoryEvent ToPosted(Story story)
    {
        var posted = new StoryEvent
        {
            Type = EventTypes.Posted,
            At = story.CreatedAt,
            StoryId = story.Id,
            Story = story,
        };
        if (_api.Options.Received is { } received)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartObject();
                writer.WriteString("type", posted.Type);
                // As the server wrote it.
                writer.WritePropertyName("at");
                received.Of(story).GetProperty("createdAt").WriteTo(writer);
                writer.WriteString("storyId", story.Id);
                writer.WritePropertyName("story");
                received.Of(story).WriteTo(writer);
                writer.WriteEndObject();
            }
            using var document = JsonDocument.Parse(buffer.WrittenMemory);
            received.Keep(posted, document.RootElement.Clone());
        }
        return posted;
    }

    private static readonly TimeSpan UnwellPause = TimeSpan.FromSeconds(2);

    /// <summary>Waits until a story passes the gate, or no longer can. Loads the story when the event stream opens, and then only after its events.</summary>
    /// <remarks>Continues through a server restart, independent of the number of retries.</remarks>
    /// <param name="id">The story.</param>
    /// <param name="gate">The condition.</param>
    /// <param name="told">Called with the story each time it is loaded.</param>
    /// <param name="cancel">Cancels the wait.</param>
    /// <returns>The story, and <see cref="GateState.Passed"/> or <see cref="GateState.Closed"/>.</returns>
    /// <exception cref="ApiException"><c>story_not_found</c> or <c>story_gone</c>, also if it ends during the wait; <c>not_signed_in</c>, also once the token was revoked.</exception>
    /// <exception cref="ServerUnreachableException">The server could not be reached at the start.</exception>
    /// <exception cref="PollException">The story has no poll, or the poll has no such option.</exception>
    public async Task<(Story Story, GateState State)> WaitAsync(
        string id,
        Gate gate,
        Action<Story>? told = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(gate);
        await foreach (var happened in ListenAsync(cancel: cancel).ConfigureAwait(false))
        {
            if (happened is null || happened.Type == EventTypes.Reset || happened.StoryId == id)
            {
                var story = await GetStoryPatientlyAsync(id, cancel).ConfigureAwait(false);
                told?.Invoke(story);
                if (gate.Look(story) is not GateState.Waiting and var state)
                {
                    return (story, state);
                }
            }
        }
        throw new InvalidOperationException("A stream of events ends by a fault or not at all.");
    }

    private async Task<Story> GetStoryPatientlyAsync(string id, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await _stories.GetAsync(id, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ServerUnreachableException or ApiException { Status: 429 or 502 or 503 or 504 })
            {
                await Task.Delay(UnwellPause, _api.Options.Clock, cancel).ConfigureAwait(false);
            }
        }
    }
}
