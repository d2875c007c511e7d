using System.Collections.Immutable;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Recordings;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

internal enum Connection
{
    /// <summary>No server is known yet.</summary>
    None,
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

/// <summary>What up and down move in.</summary>
internal enum Focus
{
    People,
    Stage,
}

/// <summary>A picture scaled for an area of cells, or the reason why there is none.</summary>
internal sealed record Picture(Box Area, BlockPicture? Blocks, string? Missing = null)
{
    public Graphics Graphics { get; init; }

    /// <summary>The same in the terminal's own graphics.</summary>
    public Raster? Raster { get; init; }
}

/// <summary>A recording that can be played, or the reason why there is none.</summary>
internal sealed record LoadedRecording(Recording? Recording, string? Missing = null);

/// <summary>A live terminal that is followed.</summary>
/// <param name="StoryId">The story.</param>
/// <param name="Screen">Its last screen, which nobody changes any more; null before there is one.</param>
/// <param name="Missing">Why nothing new comes at the moment.</param>
internal sealed record FollowedTerminal(string StoryId, Emulator? Screen, string? Missing = null);

/// <summary>A video that is played on the stage.</summary>
/// <param name="StoryId">The story.</param>
/// <param name="Number">Another one for each start, also at another place.</param>
/// <param name="At">The place in it.</param>
/// <param name="Picture">What is shown of it; null before the first picture is there.</param>
internal sealed record StageVideo(string StoryId, int Number, TimeSpan At, Picture? Picture = null);

/// <summary>A line for the footer, shown until an instant.</summary>
internal sealed record Note(string Text, DateTimeOffset Until);

/// <summary>Why the terminal is given away: to a player that draws in it, to the shell, or because we quit.</summary>
internal abstract record ExitReason
{
    private ExitReason() { }

    public sealed record Quit : ExitReason;

    public sealed record Suspend : ExitReason;

    public sealed record Player(string StoryId) : ExitReason;
}

/// <summary>The place and story to return to.</summary>
internal sealed record ReturnPoint(PlaceKey Place, string? StoryId);

/// <summary>A text for the clipboard, numbered, so that the same text can be copied twice.</summary>
internal readonly record struct Copied(int Number, string Text);

/// <summary>Everything that the screen shows, and nothing of how. The parts that belong together are records of their own.</summary>
internal sealed record Model
{
    public required Session Session { get; init; }
    public Display Display { get; init; } = new();
    public Link Link { get; init; } = new();
    public Tray Tray { get; init; } = new();
    public Scrolled Scrolled { get; init; } = new();
    public Unsent Unsent { get; init; } = new();
    public Loaded Loaded { get; init; } = new();
    public StoryMarks Marks { get; init; } = new();
    public Output Output { get; init; }

    /// <summary>The server's clock.</summary>
    public DateTimeOffset Now { get; init; }

    public string? ShownId { get; init; }
    public Entry Entry { get; init; }

    /// <summary>How long the shown story has been on the screen, without pauses.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How the shown before/after story is looked at.</summary>
    public CompareSide Side { get; init; }

    /// <summary>What is open over story or panel, and has the keys.</summary>
    public Dialog? Dialog { get; init; }

    /// <summary>Work outside the screen that the viewer wants and that has not ended.</summary>
    public ImmutableArray<Command> Commands { get; init; } = [];

    /// <summary>The number of the newest command.</summary>
    public int LastCommand { get; init; }

    public Focus Focus { get; init; }
    public bool Paused { get; init; }
    public bool Help { get; init; }
    public Note? Note { get; init; }

    /// <summary>The story that an external player shows.</summary>
    public string? PlayingId { get; init; }

    /// <summary>Set when the terminal has to be given away.</summary>
    public ExitReason? Exit { get; init; }

    public Story? Shown => Tray.OpenPlace is { } place && place.IndexOf(ShownId) is var i and >= 0 ? place.Stories[i] : null;

    /// <summary>Something covers the story: it is not seen, and no time counts.</summary>
    public bool IsCovered => Help || Dialog is { IsInPanel: false };
}

/// <summary>The viewer, the server, and the viewer's settings.</summary>
internal sealed record Session
{
    /// <summary>The viewer's own handle, once it is known.</summary>
    public string? Me { get; init; }

    /// <summary>One of <see cref="Contracts.Roles"/>, once it is known.</summary>
    public string? Role { get; init; }

    public required string Server { get; init; }

    /// <summary>Its URL, as commands take it.</summary>
    public string? Url { get; init; }

    /// <summary>What to do once the server refuses the token.</summary>
    public string SignInAdvice =>
        $"\"stories login {Url ?? Server}\" signs in with another token, \"stories join LINK\" with an access link.";

    /// <summary>No external program may be started.</summary>
    public bool Restricted { get; init; }

    /// <summary>Videos are played on the stage.</summary>
    public bool PlaysOnStage { get; init; }

    /// <summary>The terminal is a pane of tmux, whose program may be started.</summary>
    public bool InTmux { get; init; }

    public KeyTable Keys { get; init; } = KeyTable.Default;

    /// <summary>The viewer's time zone.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What the viewer chose in the palette, the last first.</summary>
    public ImmutableArray<Msg> LastFromPalette { get; init; } = [];

    public bool IsAdmin => Role is Roles.Owner or Roles.Admin;
}

/// <summary>The room on the screen, and what the terminal can draw.</summary>
internal sealed record Display
{
    /// <summary>False: caption and file name stand for pictures.</summary>
    public bool ShowsPictures { get; init; } = true;

    public Graphics Graphics { get; init; }

    public Theme Theme { get; init; } = Theme.Neutral;

    /// <summary>The whole screen, in cells.</summary>
    public Box Screen { get; init; }

    /// <summary>The stage of the shown story, in cells.</summary>
    public Box Area { get; init; }

    /// <summary>The panel of the shown story, in cells.</summary>
    public Box Panel { get; init; }
}

/// <summary>The connection, and what has to be loaded again through it.</summary>
internal sealed record Link
{
    public Connection Connection { get; init; } = Connection.Connecting;

    /// <summary>Why the server cannot be reached, in a sentence.</summary>
    public string? Error { get; init; }

    /// <summary>An event named something that the tray does not show: it has to be loaded again.</summary>
    public bool TrayStale { get; init; }

    /// <summary>How often mutes have changed. A tray that was requested before shows the old ones.</summary>
    public int MuteRound { get; init; }

    /// <summary>When the known mutes end.</summary>
    public ImmutableSortedSet<DateTimeOffset> MutesEnd { get; init; } = [];
}

/// <summary>Rows that were scrolled past.</summary>
internal sealed record Scrolled
{
    /// <summary>Rows of a long card above the stage.</summary>
    public int Card { get; init; }

    public int Help { get; init; }

    /// <summary>Rows of a long caption above the panel.</summary>
    public int Caption { get; init; }

    /// <summary>Rows of the thread below the panel.</summary>
    public int Thread { get; init; }
}

/// <summary>Text that was begun and not sent.</summary>
internal sealed record Unsent
{
    /// <summary>By story.</summary>
    public ImmutableDictionary<string, string> Replies { get; init; } = ImmutableDictionary<string, string>.Empty;

    public PostForm? Post { get; init; }

    /// <summary>Other dialogs that Esc closed, the oldest first; the last few.</summary>
    public ImmutableArray<Dialog> Others { get; init; } = [];

    public Unsent Keep(Dialog dialog) => this with { Others = [.. Without(dialog).Others.TakeLast(OthersMaximum - 1), dialog] };

    public Unsent Without(Dialog dialog) => this with { Others = Others.RemoveAll(other => other.DraftName == dialog.DraftName) };

    private const int OthersMaximum = 16;
}

/// <summary>What was loaded for the stories near the shown one.</summary>
internal sealed record Loaded
{
    /// <summary>What the last day brought, where it was asked for at the start.</summary>
    public ImmutableArray<Line> Digest { get; init; } = [];

    /// <summary>By story.</summary>
    public ImmutableDictionary<string, Details> Details { get; init; } = ImmutableDictionary<string, Details>.Empty;

    /// <summary>By <see cref="Comparison.KeyOf"/>: the story's id, except for the other sides of a before/after story.</summary>
    public ImmutableDictionary<string, Picture> Pictures { get; init; } = ImmutableDictionary<string, Picture>.Empty;

    /// <summary>By story.</summary>
    public ImmutableDictionary<string, LoadedRecording> Recordings { get; init; } = ImmutableDictionary<string, LoadedRecording>.Empty;

    /// <summary>The video that is played on the stage.</summary>
    public StageVideo? Video { get; init; }

    /// <summary>The number of the newest video.</summary>
    public int LastVideo { get; init; }

    /// <summary>The live terminal that was followed last. It stays when its command has ended, until its recording is there.</summary>
    public FollowedTerminal? Followed { get; init; }
}

/// <summary>What is known of stories by their id.</summary>
internal sealed record StoryMarks
{
    /// <summary>Seen here; the server may not know yet.</summary>
    public ImmutableHashSet<string> Seen { get; init; } = [];

    /// <summary>How long the shown story has been on the screen at all, until it counted as seen.</summary>
    public TimeSpan Looked { get; init; }

    /// <summary>Gone for good: a late answer must not bring one back.</summary>
    public ImmutableHashSet<string> Gone { get; init; } = [];

    /// <summary>Played in an external player.</summary>
    public ImmutableHashSet<string> Played { get; init; } = [];

    /// <summary>How waiting for them ended.</summary>
    public ImmutableDictionary<string, WaitResult> Waited { get; init; } = ImmutableDictionary<string, WaitResult>.Empty;
}

/// <summary>What goes to the terminal besides the frame.</summary>
/// <param name="Copied">The last text for the clipboard.</param>
/// <param name="Bells">How often the terminal was to ring.</param>
/// <param name="Redraws">How often the viewer wanted the whole screen drawn anew.</param>
internal readonly record struct Output(Copied Copied, int Bells, int Redraws);

internal static class ModelExtensions
{
    /// <summary>tmux takes no more than 1 MiB at once, and in base64 a text is a third longer.</summary>
    private const int CopiedBytesMaximum = 512 * 1024;

    /// <summary>Adds a command, which <see cref="CommandRunner"/> starts.</summary>
    public static Model Run(this Model model, Command command) =>
        model with
        {
            Commands = model.Commands.Add(command with { Number = model.LastCommand + 1 }),
            LastCommand = model.LastCommand + 1,
        };

    public static Model With(this Model model, Place place) =>
        model with
        {
            Tray = model.Tray with { Places = model.Tray.Places.SetItem(model.Tray.IndexOf(place.Key), place) },
        };

    /// <summary>Copies to the clipboard of the terminal.</summary>
    public static Model Copy(this Model model, string text)
    {
        model = model with { Output = model.Output with { Copied = new(model.Output.Copied.Number + 1, text) } };
        return model.Session.InTmux
            // One that is under way would come after this one.
            ? (model with { Commands = model.Commands.RemoveAll(command => command is TmuxCopy) }).Run(new TmuxCopy(text))
            : model;
    }

    /// <summary>The same for a text that may be too large for a terminal, and says what became of it.</summary>
    /// <param name="model">Before it.</param>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for the note.</param>
    public static Model Copy(this Model model, string text, string what) =>
        Encoding.UTF8.GetByteCount(text) is var bytes && bytes > CopiedBytesMaximum
            ? model.Notify($"Not copied: {ByteSize.Format(bytes)}. Terminals take at most {ByteSize.Format(CopiedBytesMaximum)}.")
            : model.Copy(text).Notify($"Copied {what}.");

    /// <summary>Shows a sentence in the footer (default: for 6 s).</summary>
    public static Model Notify(this Model model, string text, TimeSpan? time = null) =>
        model with
        {
            Note = new(text, model.Now + (time ?? TimeSpan.FromSeconds(6))),
        };
}
