using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Recordings;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

/// <summary>Something that happened. <see cref="Update"/> makes the next model from it.</summary>
internal abstract record Msg
{
    /// <summary>Sealed, so that the native client does not carry a text form of every message.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A message that belongs to one action. What it does is written in that action's file.</summary>
internal abstract record ActionMsg : Msg
{
    public abstract Model Update(Model model);
}

/// <summary>What the keyboard, the clipboard and the mouse do.</summary>
internal abstract record InputMsg : Msg
{
    private InputMsg() { }

    /// <summary>A key of an action, or a click on its name.</summary>
    /// <param name="Action">Which action.</param>
    /// <param name="Step">Direction and size, for an action whose keys go two ways.</param>
    public sealed record Start(TuiAction Action, int Step = 0) : InputMsg;

    public sealed record Typed(string Text) : InputMsg;

    /// <summary>From the clipboard: always text, never an answer or a command.</summary>
    public sealed record Pasted(string Text) : InputMsg;

    public sealed record Edited(EditKey Key) : InputMsg;

    public sealed record PlaceClicked(PlaceKey Key) : InputMsg;

    /// <summary>The mouse was dragged over a text, and let go.</summary>
    public sealed record Selected(string Text) : InputMsg;

    /// <summary>The wheel over the stage.</summary>
    public sealed record StageScrolled(int Rows) : InputMsg;

    /// <summary>The wheel over the panel.</summary>
    public sealed record PanelScrolled(int Rows) : InputMsg;
}

/// <summary>What a chosen line of a list does, if no action has its own message for it.</summary>
internal abstract record DialogMsg : Msg
{
    private DialogMsg() { }

    public sealed record Open(Dialog Dialog) : DialogMsg;

    /// <summary>Opens an empty list under this title. The command fills it.</summary>
    public sealed record LoadList(string Title, Command Command) : DialogMsg;

    /// <summary>Runs a command. The open dialog stays until the result is there.</summary>
    public sealed record Run(Command Command) : DialogMsg;
}

/// <summary>What the terminal and the clock do.</summary>
internal abstract record TerminalMsg : Msg
{
    private TerminalMsg() { }

    public sealed record Tick(TimeSpan Passed, DateTimeOffset Now) : TerminalMsg;

    /// <summary>The screen has this many cells.</summary>
    public sealed record Resized(Box Screen) : TerminalMsg;

    public sealed record GraphicsChanged(Graphics Graphics) : TerminalMsg;

    public sealed record ThemeChanged(Theme Theme) : TerminalMsg;

    /// <summary>The terminal is ours again, after a player or a stop.</summary>
    public sealed record Returned : TerminalMsg;

    /// <summary>A signal, or the end of the program that runs us.</summary>
    public sealed record QuitRequested : TerminalMsg;
}

/// <summary>What the server says.</summary>
internal abstract record ServerMsg : Msg
{
    private ServerMsg() { }

    public sealed record SignedIn(string Handle, string Role) : ServerMsg
    {
        /// <summary>When the token ends; null for a token that renews when it is used.</summary>
        public DateTimeOffset? TokenEnds { get; init; }

        /// <summary>An access link that somebody made for this account lately.</summary>
        public AccessGiven? Access { get; init; }
    }

    public sealed record Retrying : ServerMsg;

    public sealed record ConnectionLost(string Reason) : ServerMsg;

    /// <summary>The server accepts the token and sends events.</summary>
    public sealed record Connected : ServerMsg;

    public sealed record SignedOut(string Reason) : ServerMsg;

    public sealed record EventArrived(StoryEvent Event) : ServerMsg;

    /// <summary>The server no longer remembers all events since the last one we saw.</summary>
    public sealed record EventsMissed : ServerMsg;

    public sealed record TrayArrived(ImmutableArray<TrayItem> Items) : ServerMsg;

    public sealed record TrayFailed(string Reason) : ServerMsg;

    public sealed record StoriesArrived(PlaceKey Key, PlaceVersion Version, ImmutableArray<Story> Stories) : ServerMsg;

    public sealed record DetailsArrived(string StoryId, Details Details) : ServerMsg;

    public sealed record StoryGone(string StoryId) : ServerMsg;

    /// <summary>A request that failed before may be tried again.</summary>
    public sealed record RetryDue : ServerMsg;
}

/// <summary>Pictures and recordings, once they are loaded, the screens of a live terminal, and the pictures of a video.</summary>
internal abstract record MediaMsg : Msg
{
    private MediaMsg() { }

    public sealed record PictureArrived(string Key, Box Area, BlockPicture Blocks, Raster? Raster = null, Graphics Graphics = default)
        : MediaMsg;

    public sealed record PictureMissing(string Key, Box Area, string Reason, Graphics Graphics = default) : MediaMsg;

    public sealed record RecordingArrived(string StoryId, Recording Recording) : MediaMsg;

    public sealed record RecordingMissing(string StoryId, string Reason) : MediaMsg;

    /// <summary>The next picture of the video on the stage.</summary>
    /// <param name="Number">Which start of a video it is from.</param>
    /// <param name="At">Its place in the video.</param>
    /// <param name="Picture">The picture.</param>
    public sealed record FrameArrived(int Number, TimeSpan At, Picture Picture) : MediaMsg;

    /// <summary>The video on the stage has no further picture.</summary>
    public sealed record VideoEnded(int Number, string? Error) : MediaMsg;

    /// <summary>The screen of a live terminal has changed. This copy of it never changes.</summary>
    public sealed record ScreenArrived(string StoryId, Emulator Screen) : MediaMsg;

    /// <summary>A live terminal cannot be followed now.</summary>
    public sealed record ScreenMissing(string StoryId, string Reason) : MediaMsg;
}

/// <summary>Progress and result of a command.</summary>
internal abstract record CommandMsg : Msg
{
    private CommandMsg() { }

    public sealed record Progressed(int Number, Transfer Transfer) : CommandMsg;

    public sealed record Ended(int Number, CommandResult Result) : CommandMsg;
}

/// <summary>What an external player reports.</summary>
internal abstract record PlayerMsg : Msg
{
    private PlayerMsg() { }

    public sealed record Started(string StoryId, string Player) : PlayerMsg;

    public sealed record NeedsTerminal(string StoryId) : PlayerMsg;

    public sealed record Viewed(string StoryId) : PlayerMsg;

    public sealed record Ended(string StoryId, string? Error) : PlayerMsg;
}
