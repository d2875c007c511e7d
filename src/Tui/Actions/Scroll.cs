using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Scrolls what does not fit: the card, then the panel.</summary>
internal sealed class Scroll() : TuiAction("scroll", null, new("scroll-up", "pgup", -1), new("scroll-down", "pgdn", +1))
{
    private const int RowsInHelp = 10;

    public override Model Start(Model model, int step) => Scrolling.Page(model, step);

    public override Model StartInHelp(Model model, int step) => Scrolling.Help(model, RowsInHelp * step);
}
