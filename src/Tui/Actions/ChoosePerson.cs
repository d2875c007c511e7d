using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Moves along the tray without opening anything yet.</summary>
internal sealed class ChoosePerson() : TuiAction("choose a person", "person", new("person-up", "up", -1), new("person-down", "down", +1))
{
    public override Model Start(Model model, int step)
    {
        var to = model.IndexOf(model.Chosen ?? model.Open) + step;
        if (to < 0 || to >= model.Places.Length)
        {
            return model;
        }
        var key = model.Places[to].Key;
        return model with { Chosen = key == model.Open ? null : key, ChosenFor = TimeSpan.Zero };
    }

    public override Model StartInHelp(Model model, int step) => Scrolling.Help(model, step);
}
