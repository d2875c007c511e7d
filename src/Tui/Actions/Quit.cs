using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class Quit() : TuiAction("quit (also Ctrl-C)", "quit", new("quit", "q"), new(null, "ctrl-c"))
{
    public override bool WorksInDialog => true;

    protected override Model Start(Model model) => model with { Exit = new ExitReason.Quit() };

    public override Model StartInHelp(Model model, int step) => Start(model);
}
