using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Remembers the stories that a listener knows, so that after a gap in the stream each new one is reported once.</summary>
internal sealed class StoryDeduplicator(TimeProvider clock)
{
    // Stories posted while the stream broke may be older than the last event, and the server's clock may pause for a minute.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private const int Most = 10_000;

    // Whether the stream may still report a story that a list has reported.
    private readonly Dictionary<string, (DateTimeOffset CreatedAt, bool IsToldEarly)> _stories = new(StringComparer.Ordinal);
    private (long Timestamp, DateTimeOffset Time) _upToDate = (clock.GetTimestamp(), clock.GetUtcNow());

    /// <summary>How far back a list must go to contain all unknown stories.</summary>
    public TimeSpan Reach
    {
        get
        {
            // The timestamp stops while the computer sleeps; the clock may be set back. Use the larger difference.
            var (ticked, passed) = (clock.GetElapsedTime(_upToDate.Timestamp), clock.GetUtcNow() - _upToDate.Time);
            return (ticked > passed ? ticked : passed) + Margin;
        }
    }

    /// <summary>Records the story of an event as known.</summary>
    /// <returns>Whether it reports a new story that a list has already reported.</returns>
    public bool Repeats(StoryEvent happened)
    {
        if (happened.Type == EventTypes.Reset)
        {
            return false;
        }
        _upToDate = (clock.GetTimestamp(), clock.GetUtcNow());
        if (happened is not { Type: EventTypes.Posted, StoryId: { } id })
        {
            return false;
        }
        var repeats = _stories.TryGetValue(id, out var known) && known.IsToldEarly;
        Keep(id, happened.Story?.CreatedAt ?? happened.At, isToldEarly: false);
        return repeats;
    }

    /// <summary>Records a list as known. The list must go back as far as <see cref="Reach"/> said.</summary>
    /// <returns>The unknown stories, oldest first.</returns>
    public IReadOnlyList<Story> Learn(IEnumerable<Story> newestFirst)
    {
        _upToDate = (clock.GetTimestamp(), clock.GetUtcNow());
        var fresh = newestFirst.Where(story => !_stories.ContainsKey(story.Id)).Reverse().ToArray();
        foreach (var story in fresh)
        {
            Keep(story.Id, story.CreatedAt, isToldEarly: true);
        }
        return fresh;
    }

    private void Keep(string id, DateTimeOffset createdAt, bool isToldEarly)
    {
        _stories[id] = (createdAt, isToldEarly);
        if (_stories.Count > Most)
        {
            foreach (var oldest in _stories.OrderBy(story => story.Value.CreatedAt).Take(Most / 2).Select(story => story.Key).ToArray())
            {
                _stories.Remove(oldest);
            }
        }
    }
}
