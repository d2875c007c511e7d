using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Chooses the first or the last person. With the stage focused it goes to the first or the last row there.</summary>
internal sealed class JumpToPerson()
    : TuiAction(
        "first, or last person",
        null,
        new("first", "g home", -1) { Classic = "home", Help = "choose the first person" },
        new("last", "G end", +1) { Classic = "end", Help = "choose the last person" }
    )
{
    // More than anything that scrolls has.
    private const int Rows = 100_000;

    public override bool Applies(Model model) => model is { Focus: Focus.People, Tray.Places.Length: > 1 };

    public override Model Start(Model model, int step) =>
        model.Focus == Focus.Stage ? Scrolling.Rows(model, step * Rows)
        : step < 0 ? Navigation.Choose(model, 0)
        : Navigation.Choose(model, model.Tray.Places.Length - 1);

    public override Model StartInHelp(Model model, int step) => Scrolling.Help(model, step * Rows);
}
