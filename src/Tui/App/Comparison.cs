using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>How a before/after story is looked at. One key goes round.</summary>
internal enum CompareSide
{
    After,
    Before,
    Difference,
    Blend,
}

/// <summary>A picture that should be at hand.</summary>
internal sealed record WantedPicture(Story Story, CompareSide Side)
{
    public string Key => Comparison.KeyOf(Story.Id, Side);

    /// <summary>The parts that it is made of.</summary>
    public CompareSide[] Sources => Side == CompareSide.Blend ? [CompareSide.After, CompareSide.Before] : [Side];
}

/// <summary>Before/after stories: which side is looked at, and what is said of it.</summary>
internal static class Comparison
{
    /// <summary>What the picture of a side goes by; that of after goes by its story's id, like any story's.</summary>
    public static string KeyOf(string storyId, CompareSide side) => side == CompareSide.After ? storyId : $"{storyId}.{side}";

    /// <summary>As the server calls it; null for the story's own file.</summary>
    public static string? PartOf(CompareSide side) =>
        side switch
        {
            CompareSide.Before => StoryParts.Before,
            CompareSide.Difference => StoryParts.Difference,
            _ => null,
        };

    /// <summary>Each story begins with what it shows now.</summary>
    public static Model Follow(Model before, Model model) =>
        model.ShownId == before.ShownId || model.Side == CompareSide.After ? model : model with { Side = CompareSide.After };

    /// <summary>The pictures of a story that is looked at. Both in one is made of two, once these are there.</summary>
    public static IEnumerable<WantedPicture> SidesOf(Model model, Story story)
    {
        var sides = story.Compare is null || model.Tray.IsArchived(story.Id) ? [CompareSide.After] : Enum.GetValues<CompareSide>();
        return sides
            .Where(side =>
                new WantedPicture(story, side).Sources.All(source =>
                    source == side || model.Loaded.Pictures.ContainsKey(KeyOf(story.Id, source))
                )
            )
            .OrderBy(side => side != model.Side)
            .Select(side => new WantedPicture(story, side));
    }

    /// <summary>What is shown, and what the key shows next; null for other stories.</summary>
    public static string? Describe(Model model) =>
        model is { Display.ShowsPictures: true, Shown.Compare: not null, Tray.OpenPlace: not { IsArchive: true } }
            ? $"{NameOf(model.Side)}   {model.Session.Keys.Label("compare")} shows {NameOf(Next(model.Side))}"
            : null;

    public static CompareSide Next(CompareSide side) => side == CompareSide.Blend ? CompareSide.After : side + 1;

    private static string NameOf(CompareSide side) =>
        side switch
        {
            CompareSide.Blend => "both blended",
            _ => PartOf(side) ?? StoryParts.After,
        };
}
