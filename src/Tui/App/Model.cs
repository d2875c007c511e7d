using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.App;

internal enum Connection
{
    Connecting,
    Live,
    Offline,
    Reconnecting,
    SignedOut,
}

/// <summary>Which story a place shows first when it is opened.</summary>
internal enum Entry
{
    FirstUnseen,
    Last,
}

/// <summary>A picture scaled for an area of cells, or the reason why there is none.</summary>
internal sealed record Picture(Box Area, PixelBuffer? Pixels, string? Missing = null)
{
    public Graphics Graphics { get; init; }

    /// <summary>The same in the terminal's own graphics.</summary>
    public Raster? Raster { get; init; }
}

/// <summary>A recording that can be played, or the reason why there is none.</summary>
internal sealed record Recorded(Recording? Recording, string? Missing = null);

/// <summary>A line for the foot of the screen, shown until an instant.</summary>
internal sealed record Note(string Text, DateTimeOffset Until);

/// <summary>Why the terminal is given away: to a player that draws in it, to the shell, or for good.</summary>
internal abstract record ExitReason
{
    private ExitReason() { }

    public sealed record Quit : ExitReason;

    public sealed record Suspend : ExitReason;

    public sealed record Player(string StoryId) : ExitReason;
}

/// <summary>A place and a story to come back to.</summary>
internal sealed record ReturnPoint(PlaceKey Place, string? StoryId);

/// <summary>A text for the clipboard, and the how manieth.</summary>
internal readonly record struct Copied(int Number, string Text);

/// <summary>All that the screen shows, and nothing of how.</summary>
internal sealed record Model
{
    /// <summary>The viewer's own handle, once it is known.</summary>
    public string? Me { get; init; }

    /// <summary>One of <see cref="Contracts.Roles"/>, once it is known.</summary>
    public string? Role { get; init; }
    public required string Server { get; init; }

    /// <summary>No external program may be started.</summary>
    public bool Restricted { get; init; }

    /// <summary>Pictures are drawn; else their caption and file name stand for them.</summary>
    public bool Pictured { get; init; } = true;

    public ImmutableArray<Place> Places { get; init; } = [];

    /// <summary>Columns before the first place that stay empty until the viewer goes elsewhere.</summary>
    public int TrayLead { get; init; }
    public Connection Connection { get; init; }

    /// <summary>An event told of what the tray here does not show: it has to be asked for.</summary>
    public bool TrayStale { get; init; }

    /// <summary>How often what is muted has changed: a tray that was asked for before tells what was muted then.</summary>
    public int MuteRound { get; init; }

    /// <summary>Stories that are gone for good: an answer that was on its way must not bring one back.</summary>
    public ImmutableHashSet<string> Gone { get; init; } = [];

    /// <summary>Why the server is not reached, in a sentence.</summary>
    public string? Trouble { get; init; }

    /// <summary>The server's clock.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The place that is looked at.</summary>
    public PlaceKey? Open { get; init; }
    public string? ShownId { get; init; }
    public Entry Entry { get; init; }

    /// <summary>How long the shown story has been on the screen, pauses left out.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The place that ↑ and ↓ point at, until it is opened.</summary>
    public PlaceKey? Chosen { get; init; }
    public TimeSpan ChosenFor { get; init; }

    /// <summary>What is open over story or panel, and has the keys.</summary>
    public Dialog? Dialog { get; init; }

    /// <summary>What the world beyond the screen is doing for the viewer.</summary>
    public ImmutableArray<Command> Commands { get; init; } = [];
    public int LastCommand { get; init; }

    /// <summary>Replies that were begun, by story.</summary>
    public ImmutableDictionary<string, string> Drafts { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The post that was begun.</summary>
    public PostForm? PostForm { get; init; }
    public ImmutableDictionary<string, Details> Details { get; init; } = ImmutableDictionary<string, Details>.Empty;

    /// <summary>Rows of a long card that have gone past the top.</summary>
    public int Scroll { get; init; }
    public int HelpScroll { get; init; }

    /// <summary>Rows of a long caption that have gone past the top of the panel.</summary>
    public int CaptionScroll { get; init; }

    /// <summary>Rows of the thread below the panel's foot.</summary>
    public int ThreadScroll { get; init; }

    /// <summary>When mutes end that were told here.</summary>
    public ImmutableSortedSet<DateTimeOffset> MutesEnd { get; init; } = [];

    /// <summary>Where an album was opened.</summary>
    public ReturnPoint? Back { get; init; }

    /// <summary>What was last copied to the terminal's clipboard.</summary>
    public Copied Copied { get; init; }

    /// <summary>How often the terminal was to ring.</summary>
    public int Bells { get; init; }

    /// <summary>How waiting for stories ended, by story.</summary>
    public ImmutableDictionary<string, WaitResult> Waited { get; init; } = ImmutableDictionary<string, WaitResult>.Empty;
    public KeyTable Keys { get; init; } = KeyTable.Default;

    /// <summary>The viewer's own time, for replies.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public bool Paused { get; init; }
    public bool Help { get; init; }
    public Note? Note { get; init; }

    /// <summary>The story that an external player shows at this moment.</summary>
    public string? PlayingId { get; init; }
    public ImmutableHashSet<string> Played { get; init; } = [];

    /// <summary>Stories seen here that the server may not have heard of yet.</summary>
    public ImmutableHashSet<string> Seen { get; init; } = [];

    /// <summary>By <see cref="Comparison.KeyOf"/>: the story's id, but for the other sides of a before/after story.</summary>
    public ImmutableDictionary<string, Picture> Pictures { get; init; } = ImmutableDictionary<string, Picture>.Empty;

    /// <summary>How the shown before/after story is looked at.</summary>
    public CompareSide Side { get; init; }
    public ImmutableDictionary<string, Recorded> Recordings { get; init; } = ImmutableDictionary<string, Recorded>.Empty;

    /// <summary>How the terminal draws them.</summary>
    public Graphics Graphics { get; init; }

    /// <summary>Where pictures stand, in cells.</summary>
    public Box Area { get; init; }

    /// <summary>The panel, in cells.</summary>
    public Box Panel { get; init; }
    public ExitReason? Exit { get; init; }

    public int OpenIndex => IndexOf(Open);
    public Place? OpenPlace => OpenIndex is var i and >= 0 ? Places[i] : null;
    public Story? Shown => OpenPlace is { } place && place.IndexOf(ShownId) is var i and >= 0 ? place.Stories[i] : null;

    public int IndexOf(PlaceKey? key)
    {
        for (var i = 0; i < Places.Length; i++)
        {
            if (Places[i].Key == key)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Expired, and there for its author alone: by routes of its own.</summary>
    public bool IsArchived(string storyId) => Places.Any(place => place.IsArchive && place.IndexOf(storyId) >= 0);

    /// <summary>Covers the story: whatever is behind it is not seen, and no time counts.</summary>
    public bool IsCovered => Help || Dialog is { IsInPanel: false };

    public bool IsAdmin => Role is Roles.Owner or Roles.Admin;

    public Model Run(Command command) =>
        this with
        {
            Commands = Commands.Add(command with { Number = LastCommand + 1 }),
            LastCommand = LastCommand + 1,
        };

    public Model With(Place place) => this with { Places = Places.SetItem(IndexOf(place.Key), place) };

    public Model Copy(string text) => this with { Copied = new(Copied.Number + 1, text) };

    public Model Notify(string text, TimeSpan? time = null) => this with { Note = new(text, Now + (time ?? TimeSpan.FromSeconds(6))) };
}
