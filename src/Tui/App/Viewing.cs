using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Whether the shown story is really on the screen, and what counts as seen.</summary>
internal static class Viewing
{
    public static bool HasPicture(Model s, Story story) =>
        s is { Pictured: true, Area: { Width: > 0, Height: > 0 } } && story.Kind is StoryKinds.Image or StoryKinds.Video;

    /// <summary>Whether the shown story stands on the screen, not only its place.</summary>
    public static bool IsReady(Model s) =>
        s.Shown is { } shown
        && (!HasPicture(s, shown) || s.Pictures.ContainsKey(Comparison.KeyOf(shown.Id, s.Side)))
        && (shown.Kind != StoryKinds.Recording || s.Recordings.ContainsKey(shown.Id));

    public static Model MarkSeen(Model s)
    {
        if (
            s.IsCovered
            || s.OpenPlace is { IsArchive: true }
            || s.Shown is not { Viewed: false } shown
            || s.Seen.Contains(shown.Id)
            || !IsReady(s)
        )
        {
            return s;
        }
        return Mark(s, shown.Id);
    }

    /// <summary>Seen, here or in a player. An effect tells the server.</summary>
    public static Model Mark(Model s, string storyId)
    {
        if (s.Seen.Contains(storyId))
        {
            return s;
        }
        var places = s.Places.Select(place =>
            place.IndexOf(storyId) is var i and >= 0 && !place.Stories[i].Viewed
                ? place with
                {
                    Item = place.Item with { Unseen = Math.Max(0, place.Item.Unseen - (Place.IsUnseen(s, place.Stories[i]) ? 1 : 0)) },
                    Stories = place.Stories.SetItem(i, place.Stories[i] with { Viewed = true }),
                }
                : place
        );
        return s with { Places = [.. places], Seen = s.Seen.Add(storyId) };
    }
}
