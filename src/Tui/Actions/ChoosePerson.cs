using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Moves along the tray without opening anything yet.</summary>
internal sealed class ChoosePerson() : TuiAction("choose a person", "person", new("person-up", "up", -1), new("person-down", "down", +1))
{
    public override bool Applies(Model model) => model.Tray.Places.Length > 1;

    public override Model Start(Model model, int step)
    {
        var to = model.Tray.IndexOf(model.Tray.Chosen ?? model.Tray.Open) + step;
        if (to < 0 || to >= model.Tray.Places.Length)
        {
            return model;
        }
        var key = model.Tray.Places[to].Key;
        return model with { Tray = model.Tray with { Chosen = key == model.Tray.Open ? null : key } };
    }

    public override Model StartInHelp(Model model, int step) => Scrolling.Help(model, step);
}
