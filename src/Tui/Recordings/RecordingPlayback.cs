using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Recordings;

/// <summary>Recordings, which play inside the viewer. The time that the story was shown is the position.</summary>
internal static class RecordingPlayback
{
    /// <summary>The last screen of a recording stays a while to be read; a short recording stays as long as a picture.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(3),
        _shortest = TimeSpan.FromSeconds(5);

    /// <summary>Recordings that should be loaded: those nearby, like pictures. A live terminal is one when its command has ended.</summary>
    public static IEnumerable<Story> Wanted(Model model) =>
        Prefetch
            .Around(model)
            .Where(story => story is { Kind: StoryKinds.Recording, Live: false } && !model.Loaded.Recordings.ContainsKey(story.Id));

    /// <summary>Stores a recording, and drops those that will not be seen soon.</summary>
    public static Model Keep(Model model, string storyId, LoadedRecording recorded)
    {
        var around = Prefetch.Around(model).Select(story => story.Id).ToHashSet();
        return !around.Contains(storyId)
            ? model
            : model with
            {
                // Viewers who followed the live terminal have seen it, so the recording stays at its end.
                Elapsed =
                    model.ShownId == storyId && LiveTerminals.ScreenOf(model, storyId) is not null && recorded.Recording is { } recording
                        ? recording.Length
                        : model.Elapsed,
                Loaded = model.Loaded with
                {
                    Recordings = model
                        .Loaded.Recordings.RemoveRange(model.Loaded.Recordings.Keys.Where(id => !around.Contains(id)))
                        .SetItem(storyId, recorded),
                },
            };
    }

    /// <summary>When the shown recording shows something else, from where it is now; null: never again, or it is none.</summary>
    public static TimeSpan? NextChange(Model model)
    {
        if (model.ShownId is not { } id || model.Loaded.Recordings.GetValueOrDefault(id)?.Recording is not { } recording)
        {
            return null;
        }
        var next = recording.Events.AsSpan().BinarySearch(new After(model.Elapsed));
        return next >= 0 || ~next == recording.Events.Length ? null : recording.Events[~next].At - model.Elapsed;
    }

    /// <summary>How long the shown story stays. A recording stays until it has played, a live terminal for as long as its command runs.</summary>
    public static TimeSpan? TimeOf(Model model, Story story) =>
        story.Live ? null
        : model.Loaded.Recordings.GetValueOrDefault(story.Id)?.Recording is { } recording
            ? (recording.Length + _rest is var time && time > _shortest ? time : _shortest)
        : DisplayTime.Of(story, model.Marks.Played.Contains(story.Id));

    /// <summary>No event is at that instant itself: the search ends at the first one after it.</summary>
    private readonly struct After(TimeSpan at) : IComparable<CastEvent>
    {
        public int CompareTo(CastEvent other) => other.At > at ? -1 : 1;
    }
}
