using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.App;

/// <summary>What time does: notes and stories end, the next story comes.</summary>
internal static class Clock
{
    /// <summary>↑ and ↓ pass over people without marking anything as seen: a place opens by itself after this rest.</summary>
    public static TimeSpan ChoiceRest { get; } = TimeSpan.FromMilliseconds(400);

    public static Model Tick(Model model, TerminalMsg.Tick tick) =>
        Advance(MuteMenu.Expire(Removal.Expire(EndNote(model with { Now = tick.Now }))), tick.Passed);

    private static Model EndNote(Model model) => model.Note is { } note && note.Until <= model.Now ? model with { Note = null } : model;

    private static Model Advance(Model model, TimeSpan passed)
    {
        if (model.Help || model.Dialog is not null)
        {
            return model;
        }
        if (model.Tray.Chosen is { } chosen)
        {
            return model.Tray.ChosenFor + passed < ChoiceRest
                ? model with
                {
                    Tray = model.Tray with { ChosenFor = model.Tray.ChosenFor + passed },
                }
                : Navigation.Open(model, chosen);
        }
        if (
            model.Paused
            || model.Shown is not { } shown
            || model.PlayingId == shown.Id
            || model.PlayingId == PlayAll.Everything
            || !Viewing.IsReady(model)
        )
        {
            return model;
        }
        if (RecordingPlayback.TimeOf(model, shown) is not { } time || model.Elapsed >= time)
        {
            // A story that is over stays if nothing follows: the viewer opens what arrives later.
            return model;
        }
        var elapsed = model.Elapsed + passed;
        return elapsed < time ? model with { Elapsed = elapsed } : Navigation.Step(model with { Elapsed = time }, +1);
    }
}
