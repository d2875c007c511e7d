using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Draws everything anew, after another program wrote on the screen.</summary>
internal sealed class RedrawScreen() : TuiAction("redraw the screen", null, new ActionKey(null, "ctrl-l"))
{
    public override bool WorksInDialog => true;

    protected override Model Start(Model model) => model with { Output = model.Output with { Redraws = model.Output.Redraws + 1 } };

    public override Model StartInHelp(Model model, int step) => Start(model);
}
