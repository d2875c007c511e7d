using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

/// <summary>What should be loaded before the viewer gets there.</summary>
internal static class Prefetch
{
    private static readonly int[] _nearby = [0, 1, -1, 2, -2];

    /// <summary>Stories whose pictures should be loaded, most urgent first: the shown one, the next and previous two.</summary>
    public static ImmutableArray<Story> Nearby(Model model) => [.. Around(model).Where(story => Viewing.HasPicture(model, story))];

    /// <summary>Their pictures; all sides of the shown one, so that switching needs no wait.</summary>
    public static ImmutableArray<WantedPicture> NearbyPictures(Model model) =>
        [
            .. Nearby(model)
                .SelectMany(story => story.Id == model.ShownId ? Comparison.SidesOf(model, story) : [new(story, CompareSide.After)]),
        ];

    /// <summary>The shown story, and the next and previous two.</summary>
    public static IEnumerable<Story> Around(Model model) =>
        _nearby.Select(steps => steps == 0 ? model.Shown : Navigation.Ahead(model, steps)).OfType<Story>().DistinctBy(story => story.Id);

    /// <summary>Places whose stories should be loaded: the open one, the chosen one, and their neighbours.</summary>
    public static ImmutableArray<Place> NearbyPlaces(Model model)
    {
        var open = model.Tray.OpenIndex;
        int[] wanted =
            open < 0 && !model.Tray.IsCaughtUp ? [] : [open, model.Tray.IndexOf(model.Tray.Chosen), open + 1, open - 1, open + 2];
        return
        [
            .. wanted
                .Where(i => i >= 0 && i < model.Tray.Places.Length)
                .Distinct()
                .Select(i => model.Tray.Places[i])
                .Where(place => !place.IsCurrent),
        ];
    }

    /// <summary>The cells that the picture of a nearby story gets.</summary>
    public static Box AreaOf(Model model, Story story) =>
        story.Id == model.ShownId || model.Display.Screen == default ? model.Display.Area : ScreenLayout.Of(model, story).Stage.Size;

    /// <summary>Stores a picture, and drops those that will not be seen soon.</summary>
    public static Model Keep(Model model, string key, Picture picture)
    {
        var wanted = NearbyPictures(model);
        if (wanted.FirstOrDefault(one => one.Key == key) is not { } found || picture.Area != AreaOf(model, found.Story))
        {
            return model;
        }
        var nearby = wanted.Select(one => one.Key).ToHashSet();
        return model with
        {
            Loaded = model.Loaded with
            {
                Pictures = model
                    .Loaded.Pictures.RemoveRange(model.Loaded.Pictures.Keys.Where(id => !nearby.Contains(id)))
                    .SetItem(key, picture),
            },
        };
    }
}
