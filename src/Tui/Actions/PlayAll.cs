using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Plays everything unseen in an external player.</summary>
internal sealed class PlayAll() : TuiAction("play all new stories", null, new ActionKey("play-all", "P"))
{
    /// <summary>The value of <see cref="Model.PlayingId"/> meanwhile.</summary>
    public const string Everything = "everything unseen";

    public override bool IsOffWhenRestricted => true;

    public override bool Applies(Model model) =>
        model is { Session.Restricted: false, PlayingId: null, Link.Connection: Connection.Live, Tray.Places.Length: > 0 };

    protected override Model Start(Model model) =>
        model switch
        {
            { Session.Restricted: true } => model.Notify("External programs are off here: --restricted."),
            { PlayingId: not null } => model.Notify("A player is open already."),
            { Link.Connection: not Connection.Live } => model.Notify("Offline: a player needs the server."),
            _ => model with { PlayingId = Everything, Note = null },
        };
}
