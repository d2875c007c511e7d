using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.App;

/// <summary>Everything that can happen.</summary>
internal abstract record Msg
{
    private Msg() { }

    /// <summary>Sealed, so that the native client need not carry a rendering of every kind that nobody reads.</summary>
    public sealed override string ToString() => GetType().Name;

    // What the viewer wants.
    public sealed record Next : Msg;

    public sealed record Previous : Msg;

    public sealed record NextPerson : Msg;

    public sealed record PreviousPerson : Msg;

    public sealed record OpenChosen : Msg;

    public sealed record OpenPlace(PlaceKey Key) : Msg;

    public sealed record TogglePause : Msg;

    public sealed record ToggleHelp : Msg;

    public sealed record Close : Msg;

    public sealed record Play : Msg;

    public sealed record PlayAll : Msg;

    public sealed record Want(Wish Wish) : Msg;

    public sealed record Scroll(int Pages) : Msg;

    public sealed record ScrollRows(int Rows) : Msg;

    public sealed record ScrollThread(int Rows) : Msg;

    public sealed record Compare : Msg;

    public sealed record Seek(TimeSpan By) : Msg;

    public sealed record Quit : Msg;

    public sealed record StopProcess : Msg;

    // What is done in a dialog, and what a choice there means.
    public sealed record Typed(string Text) : Msg;

    /// <summary>From the clipboard: never an answer or a command, whatever it says.</summary>
    public sealed record Pasted(string Text) : Msg;

    public sealed record Steered(Steer Steer) : Msg;

    public sealed record FileChosen(string Path) : Msg;

    public sealed record FolderChosen(string Path) : Msg;

    public sealed record PersonChosen(string Handle) : Msg;

    /// <summary>Opens a story as an album of this title.</summary>
    public sealed record StoryChosen(string StoryId, string Title) : Msg;

    public sealed record HighlightChosen(string Handle, string Name) : Msg;

    public sealed record HistoryChosen(string Handle, string Slot) : Msg;

    public sealed record LinkChosen(string Address) : Msg;

    public sealed record MuteChosen(MuteTarget Target) : Msg;

    /// <summary>A null is for good.</summary>
    public sealed record MuteTold(MuteTarget Target, bool On, TimeSpan? For) : Msg;

    /// <summary>Asks the server for a list, which stands under the title once it is there.</summary>
    public sealed record Listing(string Title, Deed Deed) : Msg;

    public sealed record Opening(Dialog Dialog) : Msg;

    public sealed record SettingChosen(ProfileChange Change) : Msg;

    /// <summary>Looks at stories as an album, from one of them on.</summary>
    public sealed record AlbumChosen(string Title, ImmutableArray<Story> Stories, string? StoryId) : Msg;

    public sealed record Answering : Msg;

    public sealed record AskingQuestion(string Before) : Msg;

    public sealed record OptionChosen(string StoryId, int Option) : Msg;

    public sealed record PollEnding(string StoryId) : Msg;

    public sealed record WaitingEnded(string StoryId) : Msg;

    // What the terminal and the clock do.
    public sealed record Tick(TimeSpan Passed, DateTimeOffset Now) : Msg;

    public sealed record AreaChanged(Box Area, Box Panel = default) : Msg;

    public sealed record GraphicsChanged(Graphics Graphics) : Msg;

    public sealed record Returned : Msg;

    // What effects report.
    public sealed record SignedIn(string Handle, string Role) : Msg
    {
        /// <summary>When the token ends; null for one that renews when it is used.</summary>
        public DateTimeOffset? TokenEnds { get; init; }

        /// <summary>An access link that was made for the account lately.</summary>
        public AccessGiven? Access { get; init; }
    }

    public sealed record Trying : Msg;

    public sealed record ConnectionBroke(string Reason) : Msg;

    /// <summary>The server takes the token, and tells what happens.</summary>
    public sealed record Connected : Msg;

    public sealed record SignedOut(string Reason) : Msg;

    public sealed record Happened(StoryEvent Event) : Msg;

    public sealed record Missed : Msg;

    public sealed record TrayArrived(ImmutableArray<TrayItem> Items) : Msg;

    public sealed record TrayFailed(string Reason) : Msg;

    public sealed record StoriesArrived(PlaceKey Key, PlaceVersion Version, ImmutableArray<Story> Stories) : Msg;

    public sealed record PictureArrived(string Key, Box Area, PixelBuffer Pixels, Raster? Raster = null, Graphics Graphics = default) : Msg;

    public sealed record PictureMissing(string Key, Box Area, string Reason, Graphics Graphics = default) : Msg;

    public sealed record RecordingArrived(string StoryId, Recording Recording) : Msg;

    public sealed record RecordingMissing(string StoryId, string Reason) : Msg;

    public sealed record DetailsArrived(string StoryId, Details Details) : Msg;

    public sealed record DeedMoved(int Number, Transfer Transfer) : Msg;

    public sealed record DeedEnded(int Number, Outcome Outcome) : Msg;

    public sealed record StoryGone(string StoryId) : Msg;

    public sealed record PlayerStarted(string StoryId, string Player) : Msg;

    public sealed record PlayerNeedsTerminal(string StoryId) : Msg;

    public sealed record SeenOutside(string StoryId) : Msg;

    public sealed record PlayerEnded(string StoryId, string? Trouble) : Msg;
}
