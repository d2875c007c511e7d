using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class ToggleHelp() : TuiAction("help", "help", new ActionKey("help", "?"))
{
    public static Msg Msg { get; } = new InputMsg.Start(new ToggleHelp());

    protected override Model Start(Model model) => model with { Help = true, Scrolled = model.Scrolled with { Help = 0 } };

    public override Model StartInHelp(Model model, int step) => model with { Help = false };
}
