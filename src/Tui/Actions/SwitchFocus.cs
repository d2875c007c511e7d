using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Up and down move among the people, or in the story.</summary>
internal sealed class SwitchFocus() : TuiAction("move in people, or story", null, new ActionKey("focus", "tab"))
{
    public override bool Applies(Model model) => model.Shown is not null;

    protected override Model Start(Model model) =>
        model.Shown is null ? model : model with { Focus = model.Focus == Focus.People ? Focus.Stage : Focus.People };
}
