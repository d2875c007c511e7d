using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Scrolls what does not fit: the card, then the panel.</summary>
internal sealed class Scroll()
    : TuiAction(
        "scroll",
        null,
        new("scroll-up", "pgup ctrl-u", -1) { Classic = "pgup", Help = "scroll up" },
        new("scroll-down", "pgdn ctrl-d", +1) { Classic = "pgdn", Help = "scroll down" }
    )
{
    private const int RowsInHelp = 10;

    public override bool Applies(Model model) => Start(model, -1) != model || Start(model, +1) != model;

    public override Model Start(Model model, int step) => Scrolling.Page(model, step);

    public override Model StartInHelp(Model model, int step) => Scrolling.Help(model, RowsInHelp * step);
}
