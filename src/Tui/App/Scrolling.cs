using StoriesCli.Contracts;
using StoriesCli.Tui.Cards;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

/// <summary>Two keys scroll whatever has more to show that way: the card, then the caption and the thread in the panel.</summary>
internal static class Scrolling
{
    public static Model Page(Model model, int pages) =>
        TextCards.Scroll(model, pages * Math.Max(1, model.Display.Area.Height - 2)) is var card && !ReferenceEquals(card, model)
            ? card
            : Panel(model, pages * Math.Max(1, model.Display.Panel.Height / 2));

    /// <summary>Scrolls the card by some rows; without one, or at its end, the panel.</summary>
    public static Model Rows(Model model, int rows) =>
        TextCards.Scroll(model, rows) is var card && !ReferenceEquals(card, model) ? card : Panel(model, rows);

    /// <summary>The wheel over the stage: a card that is too long, or else the thread.</summary>
    public static Model Stage(Model model, int rows) =>
        model.Shown is { Kind: StoryKinds.Text } ? TextCards.Scroll(model, rows) : Thread(model, rows);

    /// <summary>Down: to the newest reply, then further in the caption. Up: back to the start of the caption, then to older replies.</summary>
    public static Model Panel(Model model, int rows)
    {
        if (model.Shown is null || (model.IsCovered && model.Dialog is not { IsInPanel: true }))
        {
            return model;
        }
        var (caption, replies) = PanelVm.Hidden(model);
        var moved =
            (rows < 0 ? model.Scrolled.Caption > 0 : model.Scrolled.Thread == 0)
                ? model with
                {
                    Scrolled = model.Scrolled with { Caption = Math.Clamp(model.Scrolled.Caption + rows, 0, caption) },
                }
                : Thread(model, rows, replies);
        // Scrolling means reading: the time of the story starts again.
        return (moved.Scrolled.Caption, moved.Scrolled.Thread) == (model.Scrolled.Caption, model.Scrolled.Thread)
            ? model
            : moved with
            {
                Elapsed = TimeSpan.Zero,
            };
    }

    public static Model Help(Model model, int rows) =>
        model with
        {
            Scrolled = model.Scrolled with
            {
                Help = Math.Clamp(
                    model.Scrolled.Help + rows,
                    0,
                    model.Session.Keys.For(model.Session.Restricted).Count(binding => binding.HasKeys) - 1
                ),
            },
        };

    /// <summary>The wheel over the panel only scrolls the thread.</summary>
    public static Model Thread(Model model, int rows) => Thread(model, rows, PanelVm.Hidden(model).Replies);

    private static Model Thread(Model model, int rows, int hidden) =>
        model with
        {
            Scrolled = model.Scrolled with { Thread = Math.Clamp(model.Scrolled.Thread - rows, 0, hidden) },
        };
}
