using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>What is really on the screen, and what should be at hand before it gets there.</summary>
internal static class Sight
{
    private static readonly int[] _nearby = [0, 1, -1, 2, -2];

    /// <summary>Stories whose pictures should be ready, the most urgent first: the shown one, the next and previous two.</summary>
    public static ImmutableArray<Story> Nearby(AppState s) => [.. Around(s).Where(story => HasPicture(s, story))];

    /// <summary>Their pictures: of the shown one all sides, so that none has to be waited for.</summary>
    public static ImmutableArray<WantedPicture> NearbyPictures(AppState s) =>
        [.. Nearby(s).SelectMany(story => story.Id == s.ShownId ? Compares.SidesOf(s, story) : [new(story, CompareSide.After)])];

    /// <summary>The shown story, and the next and previous two.</summary>
    public static IEnumerable<Story> Around(AppState s) =>
        _nearby.Select(steps => steps == 0 ? s.Shown : Walk.Ahead(s, steps)).OfType<Story>().DistinctBy(story => story.Id);

    /// <summary>Places whose stories should be there: the open one, the chosen one, and their neighbours.</summary>
    public static ImmutableArray<Place> NearbyPlaces(AppState s)
    {
        var open = s.OpenIndex;
        int[] wanted = [open, s.IndexOf(s.Chosen), open + 1, open - 1, open + 2];
        return open < 0
            ? []
            : [.. wanted.Where(i => i >= 0 && i < s.Places.Length).Distinct().Select(i => s.Places[i]).Where(place => !place.IsCurrent)];
    }

    public static bool HasPicture(AppState s, Story story) =>
        s is { Pictured: true, Area: { Width: > 0, Height: > 0 } } && story.Kind is StoryKinds.Image or StoryKinds.Video;

    /// <summary>Whether the shown story stands on the screen, not only its place.</summary>
    public static bool IsReady(AppState s) =>
        s.Shown is { } shown
        && (!HasPicture(s, shown) || s.Pictures.ContainsKey(Compares.KeyOf(shown.Id, s.Side)))
        && (shown.Kind != StoryKinds.Recording || s.Recordings.ContainsKey(shown.Id));

    /// <summary>A picture belongs to its story alone; those that nobody will see soon are let go.</summary>
    public static AppState Keep(AppState s, string key, Picture picture)
    {
        var nearby = NearbyPictures(s).Select(wanted => wanted.Key).ToHashSet();
        if (!nearby.Contains(key) || picture.Area != s.Area)
        {
            return s;
        }
        return s with { Pictures = s.Pictures.RemoveRange(s.Pictures.Keys.Where(id => !nearby.Contains(id))).SetItem(key, picture) };
    }

    public static AppState MarkSeen(AppState s)
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
    public static AppState Mark(AppState s, string storyId)
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
