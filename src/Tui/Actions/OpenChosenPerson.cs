using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class OpenChosenPerson() : TuiAction("open the chosen person", null, new ActionKey("open", "enter"))
{
    protected override Model Start(Model model) => model.Tray.Chosen is { } chosen ? Navigation.Open(model, chosen) : model;
}
