using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Which picture of a before/after story is shown. One key goes round.</summary>
internal enum CompareSide
{
    After,
    Before,
    Difference,
    Blend,
}

/// <summary>A picture that should be loaded.</summary>
internal sealed record WantedPicture(Story Story, CompareSide Side)
{
    public string Key => Comparison.KeyOf(Story.Id, Side);

    /// <summary>The files it is made from.</summary>
    public CompareSide[] Sources => Side == CompareSide.Blend ? [CompareSide.After, CompareSide.Before] : [Side];
}

/// <summary>Before/after stories: which side is shown, and what the panel says about it.</summary>
internal static class Comparison
{
    /// <summary>The key of a side's picture. The side after has its story's id, like the picture of any story.</summary>
    public static string KeyOf(string storyId, CompareSide side) => side == CompareSide.After ? storyId : $"{storyId}.{side}";

    /// <summary>The server's name of the part; null for the story's own file.</summary>
    public static string? PartOf(CompareSide side) =>
        side switch
        {
            CompareSide.Before => StoryParts.Before,
            CompareSide.Difference => StoryParts.Difference,
            _ => null,
        };

    /// <summary>Each story begins with the side after.</summary>
    public static Model Follow(Model before, Model model) =>
        model.ShownId == before.ShownId || model.Side == CompareSide.After ? model : model with { Side = CompareSide.After };

    /// <summary>The pictures of the shown story. The blend is made from two others, once they have arrived.</summary>
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

    /// <summary>What is shown and what the key shows next; null if it is no before/after story.</summary>
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
