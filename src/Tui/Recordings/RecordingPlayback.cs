using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Recordings;

/// <summary>Recordings, which play inside the viewer by the time a story has been shown.</summary>
internal static class RecordingPlayback
{
    /// <summary>A recording's last screen says how it went: it stays to be read, and a short one as long as a picture.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(3),
        _shortest = TimeSpan.FromSeconds(5);

    /// <summary>Recordings that should be at hand: those that are nearby, like pictures.</summary>
    public static IEnumerable<Story> Wanted(Model s) =>
        Prefetch.Around(s).Where(story => story.Kind == StoryKinds.Recording && !s.Recordings.ContainsKey(story.Id));

    /// <summary>Those that nobody will see soon are let go.</summary>
    public static Model Keep(Model s, string storyId, Recorded recorded)
    {
        var around = Prefetch.Around(s).Select(story => story.Id).ToHashSet();
        return !around.Contains(storyId)
            ? s
            : s with
            {
                Recordings = s.Recordings.RemoveRange(s.Recordings.Keys.Where(id => !around.Contains(id))).SetItem(storyId, recorded),
            };
    }

    /// <summary>How long the shown story stays: a recording as long as it plays.</summary>
    public static TimeSpan? TimeOf(Model s, Story story) =>
        s.Recordings.GetValueOrDefault(story.Id)?.Recording is { } recording
            ? (recording.Length + _rest is var time && time > _shortest ? time : _shortest)
            : DisplayTime.Of(story, s.Played.Contains(story.Id));
}
