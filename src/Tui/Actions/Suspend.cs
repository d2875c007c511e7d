using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Stops the process for the shell, as Ctrl-Z does elsewhere.</summary>
internal sealed class Suspend() : TuiAction("suspend (fg resumes)", null, new ActionKey(null, "ctrl-z"))
{
    public override bool IsOffWhenRestricted => true;

    public override bool WorksInDialog => true;

    public override bool Applies(Model model) => !model.Session.Restricted;

    protected override Model Start(Model model) => model.Session.Restricted ? model : model with { Exit = new ExitReason.Suspend() };

    public override Model StartInHelp(Model model, int step) => Start(model);
}
