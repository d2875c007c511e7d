using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class OpenChosenPerson() : TuiAction("open the chosen person", "opens", new ActionKey("open", "enter"))
{
    public override bool Applies(Model model) => model.Tray.Chosen is not null;

    protected override Model Start(Model model) => model.Tray.Chosen is { } chosen ? Navigation.Open(model, chosen) : model;
}
