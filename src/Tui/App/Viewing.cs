using StoriesCli.Contracts;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.App;

/// <summary>Whether the shown story is really on the screen, and what counts as seen.</summary>
internal static class Viewing
{
    public static bool HasPicture(Model model, Story story) =>
        model is { Display.ShowsPictures: true, Display.Area: { Width: > 0, Height: > 0 } }
        && story.Kind is StoryKinds.Image or StoryKinds.Video;

    /// <summary>Whether the shown story is drawn, not just waited for.</summary>
    public static bool IsReady(Model model) =>
        model.Shown is { } shown
        && (!HasPicture(model, shown) || model.Loaded.Pictures.ContainsKey(Comparison.KeyOf(shown.Id, model.Side)))
        && (
            shown.Kind != StoryKinds.Recording
            || (shown.Live ? LiveTerminals.ScreenOf(model, shown.Id) is not null : model.Loaded.Recordings.ContainsKey(shown.Id))
        );

    /// <summary>Whether the shown story is waited for, and can come.</summary>
    public static bool IsLoading(Model model) => model is { Shown.Live: false, Link.Connection: Connection.Live } && !IsReady(model);

    /// <summary>How long each picture of the sign that something is loading stays.</summary>
    public static TimeSpan TurnTime { get; } = TimeSpan.FromMilliseconds(120);

    /// <summary>A story that was opened and shown for this long counts as seen. A glance in passing tells nobody.</summary>
    public static TimeSpan SeenAfter { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Counts how long the shown story was really on the screen, pauses included.</summary>
    public static Model Look(Model model, TimeSpan passed) =>
        TimeUntilSeen(model) is not { } left ? model
        : passed < left ? model with { Marks = model.Marks with { Looked = model.Marks.Looked + passed } }
        : Mark(model, model.ShownId!);

    /// <summary>Null for a story that is seen already, or not on the screen.</summary>
    public static TimeSpan? TimeUntilSeen(Model model) =>
        model is { IsCovered: false, Tray.OpenPlace: not { IsArchive: true }, Shown: { Viewed: false } shown }
        && !model.Marks.Seen.Contains(shown.Id)
        && IsReady(model)
            ? SeenAfter - model.Marks.Looked
            : null;

    /// <summary>Marks a story as seen, here or in a player. <see cref="Subscriptions.ViewReporter"/> tells the server.</summary>
    public static Model Mark(Model model, string storyId)
    {
        if (model.Marks.Seen.Contains(storyId))
        {
            return model;
        }
        var places = model.Tray.Places.Select(place =>
            place.IndexOf(storyId) is var i and >= 0 && !place.Stories[i].Viewed
                ? place with
                {
                    Item = place.Item with { Unseen = Math.Max(0, place.Item.Unseen - (Place.IsUnseen(model, place.Stories[i]) ? 1 : 0)) },
                    Stories = place.Stories.SetItem(i, place.Stories[i] with { Viewed = true }),
                }
                : place
        );
        return model with
        {
            Tray = model.Tray with { Places = [.. places] },
            Marks = model.Marks with { Seen = model.Marks.Seen.Add(storyId) },
        };
    }
}
