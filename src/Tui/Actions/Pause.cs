using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class Pause() : TuiAction("pause, or resume", "pause", new ActionKey("pause", "space"))
{
    public override bool Applies(Model model) => model.Shown is not null;

    public override string? HintFor(Model model) => model.Paused ? "resume" : Hint;

    protected override Model Start(Model model) => model with { Paused = !model.Paused };
}
