using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Which stories somebody who listens knows of, so that after a gap in the stream the others are told, once each.</summary>
internal sealed class KnownStories(TimeProvider clock)
{
    // What was being posted while the stream broke off may be older than what came last; the server's clock may stand still for a minute.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private const int Most = 10_000;

    // Whether the stream may still tell of it, although a list has done so.
    private readonly Dictionary<string, (DateTimeOffset CreatedAt, bool IsToldEarly)> _stories = new(StringComparer.Ordinal);
    private (long Timestamp, DateTimeOffset Time) _upToDate = (clock.GetTimestamp(), clock.GetUtcNow());

    /// <summary>How far back a list must reach to have all that may be unknown.</summary>
    public TimeSpan Reach
    {
        get
        {
            // The one stands still while a computer sleeps, the other when its clock is set back.
            var (ticked, passed) = (clock.GetElapsedTime(_upToDate.Timestamp), clock.GetUtcNow() - _upToDate.Time);
            return (ticked > passed ? ticked : passed) + Margin;
        }
    }

    /// <summary>Takes what an event tells for known.</summary>
    /// <returns>Whether it tells of a new story that a list has told of already.</returns>
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

    /// <summary>Takes a whole list for known, as far back as <see cref="Reach"/> said before it was asked for.</summary>
    /// <returns>What was not known, oldest first.</returns>
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
