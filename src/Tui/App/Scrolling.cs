using StoriesCli.Tui.Cards;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

/// <summary>What does not fit is read by the same two keys: the card, then the panel's caption and thread, whatever has more to show that way.</summary>
internal static class Scrolling
{
    public static Model Page(Model s, int pages) =>
        TextCards.Scroll(s, pages * Math.Max(1, s.Area.Height - 2)) is var card && !ReferenceEquals(card, s)
            ? card
            : Panel(s, pages * Math.Max(1, s.Panel.Height / 2));

    /// <summary>Down: to the newest reply, then on in the caption. Up: back to the caption's beginning, then to older replies.</summary>
    public static Model Panel(Model s, int rows)
    {
        if (s.Shown is null || (s.IsCovered && s.Dialog is not { IsInPanel: true }))
        {
            return s;
        }
        var (caption, replies) = PanelVm.Hidden(s);
        var moved =
            (rows < 0 ? s.CaptionScroll > 0 : s.ThreadScroll == 0)
                ? s with
                {
                    CaptionScroll = Math.Clamp(s.CaptionScroll + rows, 0, caption),
                }
                : Thread(s, rows, replies);
        // Who scrolls reads: the story's time begins anew.
        return (moved.CaptionScroll, moved.ThreadScroll) == (s.CaptionScroll, s.ThreadScroll) ? s : moved with { Elapsed = TimeSpan.Zero };
    }

    public static Model Help(Model s, int rows) =>
        s with
        {
            HelpScroll = Math.Clamp(s.HelpScroll + rows, 0, s.Keys.For(s.Restricted).Count() - 1),
        };

    /// <summary>The wheel over the panel moves the thread alone.</summary>
    public static Model Thread(Model s, int rows) => Thread(s, rows, PanelVm.Hidden(s).Replies);

    private static Model Thread(Model s, int rows, int hidden) => s with { ThreadScroll = Math.Clamp(s.ThreadScroll - rows, 0, hidden) };
}
