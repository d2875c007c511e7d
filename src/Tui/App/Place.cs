using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>An author, and one of the author's slots.</summary>
internal readonly record struct PlaceKey(string Handle, string? Slot)
{
    public static PlaceKey Of(TrayItem item) => new(item.Author.Handle, item.Slot);
}

/// <summary>The part of the tray that a place stands in. It stays there until the tray is sorted again.</summary>
internal enum PlaceGroup
{
    /// <summary>Somebody with unseen stories, or the open place.</summary>
    New,

    /// <summary>A slot with a source that passed or failed, or whose command runs.</summary>
    Pipelines,

    /// <summary>Everybody else; the viewer's own place is the last.</summary>
    Seen,
}

/// <summary>The tray's numbers of a place when its stories were loaded. When they change, the stories are loaded again.</summary>
/// <param name="Total">Stories of the place.</param>
/// <param name="LatestAt">When the newest was posted.</param>
/// <param name="Round">How often they were loaded again for another reason, such as a mute.</param>
internal readonly record struct PlaceVersion(int Total, DateTimeOffset LatestAt, int Round = 0)
{
    public static PlaceVersion Of(TrayItem item) => new(item.Total, item.LatestAt);
}

/// <summary>One place of the tray: an author, or one slot of an author. Its stories (oldest first) arrive later.</summary>
internal sealed record Place(TrayItem Item)
{
    public PlaceKey Key => PlaceKey.Of(Item);

    public ImmutableArray<Story> Stories { get; init; } = [];

    public PlaceGroup Group { get; init; }

    /// <summary>Stories that the viewer opened, such as a highlight or search results; not in the server's tray.</summary>
    public bool IsAlbum { get; init; }

    /// <summary>An album of the viewer's own expired stories. Neither clock nor events remove them.</summary>
    public bool IsArchive { get; init; }

    /// <summary>The highlight that an album shows.</summary>
    public string? Highlight { get; init; }

    /// <summary>The version that <see cref="Stories"/> belongs to; null before they arrived.</summary>
    public PlaceVersion? Loaded { get; init; }

    /// <summary>Unseen stories, by the tray's count. Muted places have none.</summary>
    public int Unseen => Item.Muted ? 0 : Item.Unseen;

    /// <summary>A story seen here counts as seen before the server knows.</summary>
    public static bool IsUnseen(Model model, Story story) =>
        story is { Viewed: false, Muted: false } && !model.Marks.Seen.Contains(story.Id);

    /// <summary>Open help requests. Muted ones do not count.</summary>
    public int OpenHelp =>
        Item.Muted || IsAlbum ? 0
        : IsCurrent ? Stories.Count(story => story is { Muted: false, Help.Resolved: false })
        : Item.OpenHelp;

    /// <summary>It asked for help, and all calls are resolved.</summary>
    public bool IsHelped =>
        OpenHelp == 0
        && !Item.Muted
        && !IsAlbum
        && (IsCurrent ? Stories.Any(story => story is { Muted: false, Help.Resolved: true }) : Item.ResolvedHelp > 0);

    /// <summary>A command of it runs now. Muted ones do not count.</summary>
    public bool IsLive => !Item.Muted && !IsAlbum && (IsCurrent ? Stories.Any(story => story is { Muted: false, Live: true }) : Item.Live);

    /// <inheritdoc cref="PlaceVersion.Round"/>
    public int Round { get; init; }

    /// <summary>The version that loaded stories must have.</summary>
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
