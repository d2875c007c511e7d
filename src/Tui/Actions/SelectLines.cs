using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Cards;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Chooses whole lines of a text card, and copies them.</summary>
internal sealed class SelectLines() : StoryAction("copy lines of a card", null, new ActionKey("copy-lines", "V"))
{
    public override bool WorksInArchive => true;

    protected override bool Applies(Model model, Story shown) => TextCards.TextOf(model, shown).Length > 0;

    protected override Model Start(Model model, Story shown)
    {
        var lines = LinesOf(TextCards.TextOf(model, shown));
        return lines.IsEmpty
            ? model.Notify("Only a text card has lines to copy.")
            : model with
            {
                Dialog = new Selection(lines, FirstShown(model, shown, lines)) { StoryId = shown.Id },
            };
    }

    /// <summary>As they were written: a line that does not fit is broken only on the screen.</summary>
    private static ImmutableArray<Line> LinesOf(string card) =>
        [
            .. CardText
                .LinesOf(Colours.Parse(card))
                .Select(line => new Line([
                    .. line.Select(run => run with { Text = run.Text.TrimEnd('\n') }).Where(run => run.Text.Length > 0),
                ])),
        ];

    /// <summary>The line at the top of the screen. A card that is laid out anew, such as Markdown, begins with its first.</summary>
    private static int FirstShown(Model model, Story story, ImmutableArray<Line> lines)
    {
        if (CardText.IsFlowing(story.Media.FileName))
        {
            return 0;
        }
        var room = CardVm.Room(model.Display.Area);
        // A row at the top says how many are above it.
        var above = model.Scrolled.Card + (model.Scrolled.Card > 0 && room.Height > 2 ? 1 : 0);
        for (var i = 0; i < lines.Length; i++)
        {
            above -= Math.Max(1, CardText.Wrapped(lines[i].Runs, room.Width).Length);
            if (above < 0)
            {
                return i;
            }
        }
        return lines.Length - 1;
    }

    /// <param name="Lines">The lines of the card, in the author's colours.</param>
    /// <param name="At">The line that the keys move.</param>
    /// <param name="From">Where the selection begins; null: it is one line.</param>
    public sealed record Selection(ImmutableArray<Line> Lines, int At, int? From = null) : Dialog
    {
        private const int Page = 10;

        public override string Hint =>
            From is null
                ? "↑ ↓ line   v selects from here   Enter copies   Esc ends"
                : "↑ ↓ last line   v one line   Enter copies   Esc ends";

        public bool Has(int line) => line >= Math.Min(At, From ?? At) && line <= Math.Max(At, From ?? At);

        public override Model Type(Model model, string text) =>
            text switch
            {
                "j" => Move(model, At + 1),
                "k" => Move(model, At - 1),
                "g" => Move(model, 0),
                "G" => Move(model, Lines.Length - 1),
                "v" or "V" or " " => model with { Dialog = this with { From = From is null ? At : null } },
                "y" => Copy(model),
                _ => model,
            };

        public override Model Press(Model model, EditKey key) =>
            key switch
            {
                EditKey.Up or EditKey.BackTab => Move(model, At - 1),
                EditKey.Down or EditKey.Tab => Move(model, At + 1),
                EditKey.PageUp => Move(model, At - Page),
                EditKey.PageDown => Move(model, At + Page),
                EditKey.Home => Move(model, 0),
                EditKey.End => Move(model, Lines.Length - 1),
                EditKey.Enter => Copy(model),
                _ => model,
            };

        private Model Move(Model model, int to) => model with { Dialog = this with { At = Math.Clamp(to, 0, Lines.Length - 1) } };

        private Model Copy(Model model)
        {
            var chosen = Lines.Where((_, i) => Has(i)).ToArray();
            return (model with { Dialog = null }).Copy(
                string.Join('\n', chosen.Select(line => line.ToString())),
                Counted.Of(chosen.Length, "line")
            );
        }
    }
}
