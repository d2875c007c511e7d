using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>How long a story stays before the next one comes.</summary>
internal static class DisplayTime
{
    private static readonly TimeSpan _still = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    /// <summary>Null: until the viewer goes on.</summary>
    public static TimeSpan? Of(Story story, bool played) =>
        story.Kind switch
        {
            StoryKinds.Video => played ? _still : null,
            StoryKinds.Text => Reading(story.Text),
            StoryKinds.Audio or StoryKinds.Recording => Longer(LoadedRecording(story), Reading(story.Caption)),
            _ => _still,
        };

    /// <summary>Twenty characters a second is fast reading.</summary>
    private static TimeSpan Reading(string? text)
    {
        var time = TimeSpan.FromSeconds(3) + TimeSpan.FromMilliseconds(50.0 * (text?.Length ?? 0));
        return time < _still ? _still
            : time > _longest ? _longest
            : time;
    }

    private static TimeSpan LoadedRecording(Story story) => TimeSpan.FromMilliseconds(story.Media.DurationMs ?? 0);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
