using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Goes round the sides of a before/after story.</summary>
internal sealed class SwitchCompareSide() : TuiAction("before/after: switch", null, new ActionKey("compare", "c"))
{
    public override bool Applies(Model model) =>
        model is { Shown.Compare: not null, Tray.OpenPlace: not { IsArchive: true }, Display.ShowsPictures: true };

    protected override Model Start(Model model) =>
        model switch
        {
            { Shown: null } => model,
            { Shown.Compare: null } => model.Notify("Only a before/after story has another side."),
            { Tray.OpenPlace.IsArchive: true } => model.Notify("The archive draws the picture after alone."),
            { Display.ShowsPictures: false } => model.Notify(
                $"Pictures are not drawn here: stories get {model.ShownId} --part before saves one."
            ),
            // Time begins again: the story must not go while somebody compares.
            _ => model with { Side = Comparison.Next(model.Side), Elapsed = TimeSpan.Zero },
        };
}
