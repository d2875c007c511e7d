using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Moves along the people without opening anything yet. With the stage focused it scrolls what is long there.</summary>
internal sealed class ChoosePerson()
    : TuiAction(
        "choose a person",
        "person",
        new("person-up", "up k", -1) { Classic = "up", Help = "choose the person above" },
        new("person-down", "down j", +1) { Classic = "down", Help = "choose the person below" }
    )
{
    public override bool Applies(Model model) => model is { Focus: Focus.People, Tray.Places.Length: > 1 };

    public override Model Start(Model model, int step) =>
        model.Focus == Focus.Stage
            ? Scrolling.Rows(model, step)
            : Navigation.Choose(model, model.Tray.IndexOf(model.Tray.Chosen ?? model.Tray.Open) + step);

    public override Model StartInHelp(Model model, int step) => Scrolling.Help(model, step);
}
