using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>What the viewer is told about external players.</summary>
internal static class Playing
{
    /// <summary>What <see cref="AppState.PlayingId"/> says while everything unseen is played.</summary>
    public const string Everything = "everything unseen";

    public static AppState AskForAll(AppState s) =>
        s switch
        {
            { Restricted: true } => s.Say("External programs are off here: --restricted."),
            { PlayingId: not null } => s.Say("A player is open already."),
            { Connection: not Connection.Live } => s.Say("Offline: a player needs the server."),
            _ => s with { PlayingId = Everything, Note = null },
        };

    /// <summary>An effect starts a player once <see cref="AppState.PlayingId"/> names a story.</summary>
    public static AppState Ask(AppState s) =>
        s switch
        {
            { Shown: null } => s,
            { Restricted: true } => s.Say("External programs are off here: --restricted."),
            { PlayingId: not null } => s.Say("A player is open already."),
            { OpenPlace.IsArchive: true } => s.Say($"An archived file is not played here: {s.Keys.Label("download")} saves it."),
            { Shown.Kind: StoryKinds.Text } => s.Say("A text card has nothing to play."),
            { Shown.Kind: StoryKinds.Recording } => s.Say("A recording plays here by itself: space pauses, [ and ] go back and on."),
            { Connection: Connection.Offline } => s.Say("Offline: a player needs the server."),
            _ => s with { PlayingId = s.Shown.Id, Note = null },
        };

    public static AppState Report(AppState s, Msg report) =>
        report switch
        {
            Msg.PlayerStarted started when started.StoryId == s.PlayingId => s.Say($"{started.Player} is open beside this terminal."),
            Msg.PlayerNeedsTerminal needs when needs.StoryId == s.PlayingId => s with { Leaving = new Leave.ToPlayer(needs.StoryId) },
            Msg.PlayerEnded { Trouble: { } trouble } ended => Ended(s, ended).Say(trouble),
            Msg.PlayerEnded ended => Ended(s, ended) with { Played = s.Played.Add(ended.StoryId) },
            _ => s,
        };

    private static AppState Ended(AppState s, Msg.PlayerEnded ended) =>
        s.PlayingId != ended.StoryId
            ? s
            : s with
            {
                PlayingId = null,
                Note = null,
                Elapsed = s.ShownId == ended.StoryId ? TimeSpan.Zero : s.Elapsed,
            };
}
