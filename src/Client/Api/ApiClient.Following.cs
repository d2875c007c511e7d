using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    /// <summary>
    /// As <see cref="WatchAsync"/>, and after an <see cref="EventTypes.Reset"/>, such as a server's restart brings, also the stories that were posted
    /// meanwhile and are still there: each once, oldest first, as <see cref="EventTypes.Posted"/>. Other events of that time are lost.
    /// </summary>
    /// <param name="cancel">Ends the listening.</param>
    /// <exception cref="ApiException"><c>not_signed_in</c>, also once the token was revoked.</exception>
    public async IAsyncEnumerable<StoryEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        var known = new KnownStories(_options.Clock);
        // Before the stream is open, so that nothing counts as known that the stream has still to tell.
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
    private async Task<IReadOnlyList<Story>> ListUnknownAsync(KnownStories known, bool patiently, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                // A length of time is counted by the server's own clock.
                var since = Durations.Format(TimeSpan.FromSeconds(Math.Ceiling(known.Reach.TotalSeconds)));
                return known.Learn(
                    await ListAllStoriesAsync(new() { Since = since, Limit = Limits.PageMaximum }, cancel)
                        .ToArrayAsync(cancel)
                        .ConfigureAwait(false)
                );
            }
            catch (Exception e) when (patiently && e is ServerUnreachableException or ApiException { Status: 429 or 502 or 503 or 504 })
            {
                await Task.Delay(UnwellPause, _options.Clock, cancel).ConfigureAwait(false);
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
        if (_options.Received is { } received)
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
}
