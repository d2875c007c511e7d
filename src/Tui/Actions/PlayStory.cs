using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Videos;

namespace StoriesCli.Tui.Actions;

/// <summary>Plays the shown story: a video on the stage where that is wanted, everything else in an external player, and shows what it reports.</summary>
internal sealed class PlayStory() : TuiAction("play, or stop playing", "play", new ActionKey("play", "p"))
{
    public override bool IsOffWhenRestricted => true;

    public override bool Applies(Model model) =>
        model
            is {
                Session.Restricted: false,
                PlayingId: null,
                Tray.OpenPlace: not { IsArchive: true },
                Link.Connection: not (Connection.Offline or Connection.SignedOut),
                Shown.Kind: not (StoryKinds.Text or StoryKinds.Recording),
            };

    /// <summary><see cref="App.Subscriptions.PlayerRunner"/> starts a player once <see cref="Model.PlayingId"/> names a story.</summary>
    protected override Model Start(Model model) =>
        model switch
        {
            { Shown: null } => model,
            { Loaded.Video: not null } => VideoPlayback.Stop(model),
            { Session.Restricted: true } => model.Notify("External programs are off here: --restricted."),
            { PlayingId: not null } => model.Notify("A player is open already."),
            { Tray.OpenPlace.IsArchive: true } => model.Notify(
                $"An archived file is not played here: {model.Session.Keys.Label("download")} saves it."
            ),
            { Shown.Kind: StoryKinds.Text } => model.Notify("A text card has nothing to play."),
            { Shown.Live: true } => model.Notify("A live terminal is followed here by itself: space holds the screen."),
            { Shown.Kind: StoryKinds.Recording } => model.Notify("A recording plays here by itself: space pauses, [ and ] go back and on."),
            { Link.Connection: Connection.Offline } => model.Notify("Offline: a player needs the server."),
            { Session.PlaysOnStage: true, Display.ShowsPictures: true, Shown: { Kind: StoryKinds.Video } video } => VideoPlayback
                .Begin(model, video)
                .Notify(Told(model.Session.Keys)),
            _ => model with { PlayingId = model.Shown.Id, Note = null },
        };

    private static string Told(KeyTable keys) =>
        $"Playing without sound. {keys.Label("pause")} pauses, {keys.Label("back")} {keys.Label("on")} go back and on, {keys.Label("play")} ends it.";

    public static Model Report(Model model, PlayerMsg report) =>
        report switch
        {
            PlayerMsg.Started started when started.StoryId == model.PlayingId => model.Notify(
                $"{started.Player} is open beside this terminal."
            ),
            PlayerMsg.NeedsTerminal needs when needs.StoryId == model.PlayingId => model with
            {
                Exit = new ExitReason.Player(needs.StoryId),
            },
            PlayerMsg.Viewed viewed => Viewing.Mark(model, viewed.StoryId),
            PlayerMsg.Ended { Error: { } error } ended => End(model, ended).Notify(error),
            PlayerMsg.Ended ended => End(model, ended) with { Marks = model.Marks with { Played = model.Marks.Played.Add(ended.StoryId) } },
            _ => model,
        };

    private static Model End(Model model, PlayerMsg.Ended ended) =>
        model.PlayingId != ended.StoryId
            ? model
            : model with
            {
                PlayingId = null,
                Note = null,
                Elapsed = model.ShownId == ended.StoryId ? TimeSpan.Zero : model.Elapsed,
            };
}
