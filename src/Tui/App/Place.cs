using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Whose place in the tray, and which of the author's slots.</summary>
internal readonly record struct PlaceKey(string Handle, string? Slot)
{
    public static PlaceKey Of(TrayItem item) => new(item.Author.Handle, item.Slot);
}

/// <summary>What the tray said of a place when its stories were asked for: once it says something else, they are asked for again.</summary>
/// <param name="Total">Stories of the place.</param>
/// <param name="LatestAt">When the newest was posted.</param>
/// <param name="Round">How often they were asked for again for what the tray does not say, such as what is muted.</param>
internal readonly record struct PlaceVersion(int Total, DateTimeOffset LatestAt, int Round = 0)
{
    public static PlaceVersion Of(TrayItem item) => new(item.Total, item.LatestAt);
}

/// <summary>One place of the tray, with its stories (oldest first) once they have arrived.</summary>
internal sealed record Place(TrayItem Item)
{
    public PlaceKey Key => PlaceKey.Of(Item);

    public ImmutableArray<Story> Stories { get; init; } = [];

    /// <summary>A highlight or what a search found: opened by the viewer, and no part of the server's tray.</summary>
    public bool IsAlbum { get; init; }

    /// <summary>An album of the viewer's own expired stories, which no clock and no event ends.</summary>
    public bool IsArchive { get; init; }

    /// <summary>The highlight that an album shows.</summary>
    public string? Highlight { get; init; }

    /// <summary>What <see cref="Stories"/> answers to; null before they arrived.</summary>
    public PlaceVersion? Loaded { get; init; }

    /// <summary>Stories to be seen, as the tray counts them; nothing muted counts.</summary>
    public int Unseen => Item.Muted ? 0 : Item.Unseen;

    /// <summary>What was seen here counts, even before the server has heard of it.</summary>
    public static bool IsUnseen(Model model, Story story) => story is { Viewed: false, Muted: false } && !model.Marks.Seen.Contains(story.Id);

    /// <summary>Calls for help that are open, as far as the viewer wants to know.</summary>
    public int OpenHelp =>
        Item.Muted || IsAlbum ? 0
        : IsCurrent ? Stories.Count(story => story is { Muted: false, Help.Resolved: false })
        : Item.OpenHelp;

    /// <summary>It asked for help, and got it.</summary>
    public bool IsHelped =>
        OpenHelp == 0
        && !Item.Muted
        && !IsAlbum
        && (IsCurrent ? Stories.Any(story => story is { Muted: false, Help.Resolved: true }) : Item.ResolvedHelp > 0);

    /// <inheritdoc cref="PlaceVersion.Round"/>
    public int Round { get; init; }

    /// <summary>What an answer must have been asked for to be of use.</summary>
    public PlaceVersion Version => PlaceVersion.Of(Item) with { Round = Round };

    public bool IsCurrent => IsAlbum || Loaded == Version;

    public int IndexOf(string? storyId)
    {
        for (var i = 0; i < Stories.Length; i++)
        {
            if (Stories[i].Id == storyId)
            {
                return i;
            }
        }
        return -1;
    }
}
