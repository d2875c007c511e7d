using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Closes what is open: the help, the choice of a person, the focus of the stage, an album. Dialogs take Esc themselves.</summary>
internal sealed class CloseOpen() : TuiAction("close, or go back", "back", new ActionKey(null, "esc"))
{
    public static Msg Msg { get; } = new InputMsg.Start(new CloseOpen());

    public override bool Applies(Model model) =>
        model.Tray.Chosen is not null || model.Focus == Focus.Stage || model.Tray.OpenPlace is { IsAlbum: true };

    public override bool WorksInDialog => true;

    protected override Model Start(Model model) =>
        model.Tray.Chosen is not null ? model with { Tray = model.Tray with { Chosen = null } }
        : model.Focus == Focus.Stage ? model with { Focus = Focus.People }
        : Albums.Close(model);

    public override Model StartInHelp(Model model, int step) => model with { Help = false };
}
