using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>What should be loaded before the viewer gets there.</summary>
internal static class Prefetch
{
    private static readonly int[] _nearby = [0, 1, -1, 2, -2];

    /// <summary>Stories whose pictures should be ready, the most urgent first: the shown one, the next and previous two.</summary>
    public static ImmutableArray<Story> Nearby(Model s) => [.. Around(s).Where(story => Viewing.HasPicture(s, story))];

    /// <summary>Their pictures: of the shown one all sides, so that none has to be waited for.</summary>
    public static ImmutableArray<WantedPicture> NearbyPictures(Model s) =>
        [.. Nearby(s).SelectMany(story => story.Id == s.ShownId ? Comparison.SidesOf(s, story) : [new(story, CompareSide.After)])];

    /// <summary>The shown story, and the next and previous two.</summary>
    public static IEnumerable<Story> Around(Model s) =>
        _nearby.Select(steps => steps == 0 ? s.Shown : Navigation.Ahead(s, steps)).OfType<Story>().DistinctBy(story => story.Id);

    /// <summary>Places whose stories should be there: the open one, the chosen one, and their neighbours.</summary>
    public static ImmutableArray<Place> NearbyPlaces(Model s)
    {
        var open = s.OpenIndex;
        int[] wanted = [open, s.IndexOf(s.Chosen), open + 1, open - 1, open + 2];
        return open < 0
            ? []
            : [.. wanted.Where(i => i >= 0 && i < s.Places.Length).Distinct().Select(i => s.Places[i]).Where(place => !place.IsCurrent)];
    }

    /// <summary>A picture belongs to its story alone; those that nobody will see soon are let go.</summary>
    public static Model Keep(Model s, string key, Picture picture)
    {
        var nearby = NearbyPictures(s).Select(wanted => wanted.Key).ToHashSet();
        if (!nearby.Contains(key) || picture.Area != s.Area)
        {
            return s;
        }
        return s with { Pictures = s.Pictures.RemoveRange(s.Pictures.Keys.Where(id => !nearby.Contains(id))).SetItem(key, picture) };
    }
}
