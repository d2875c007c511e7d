using System.Collections.Immutable;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>Columns where a click does the same as a key.</summary>
internal readonly record struct Spot(int X, int Width, Msg Msg);

/// <summary>A note, or the keys that fit, and what a click on each does.</summary>
/// <param name="Line">Its last row.</param>
/// <param name="Spots">Where keys are in it.</param>
internal sealed record FooterVm(Line Line, ImmutableArray<Spot> Spots)
{
    /// <summary>The beginning of a note that is longer than a row, above <see cref="Line"/>.</summary>
    public ImmutableArray<Line> Above { get; private init; } = [];

    public ImmutableArray<Line> Lines => [.. Above, Line];

    /// <summary>Between the parts of a dialog's hint.</summary>
    public const string Gap = "   ";

    private const string KeyGap = "  ";

    private const int HelpInHeader = 60,
        RightMargin = 1,
        NarrowestNote = 8;

    /// <summary>A dialog over the story, and the help, have their keys in their own borders.</summary>
    /// <param name="model">What is shown.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="rows">How many rows a long note may have.</param>
    public static FooterVm From(Model model, int width, int rows = 1) =>
        model.Dialog is { IsInPanel: true } dialog ? Hinted(HintOf(dialog), width, model.Note, key => new InputMsg.Edited(key))
        : model.Note is { } note ? Noted(note, width, rows)
        : model.IsCovered ? new(Line.Empty, [])
        : Keys(model, width);

    /// <summary>What a click there does.</summary>
    public Msg? At(int x) => Spots.Where(spot => x >= spot.X && x < spot.X + spot.Width).Select(spot => spot.Msg).FirstOrDefault();

    public bool Equals(FooterVm? other) =>
        other is not null
        && Line == other.Line
        && Above.AsSpan().SequenceEqual(other.Above.AsSpan())
        && Spots.AsSpan().SequenceEqual(other.Spots.AsSpan());

    public override int GetHashCode() => Line.GetHashCode();

    private static FooterVm Noted(Note note, int width, int rows)
    {
        var lines = Cells
            .Wrap([new(SafeText.OneLine(note.Text), Tone.Strong)], Math.Max(1, width - 2), Math.Max(1, rows))
            .Select(line => new Line([new(" ", Tone.Plain), .. line.Runs]))
            .ToArray();
        return lines.Length == 0 ? new(Line.Empty, []) : new(lines[^1], []) { Above = [.. lines[..^1]] };
    }

    private static FooterVm Keys(Model model, int width)
    {
        var hints = model
            .Session.Keys.For(model.Session.Restricted)
            .Where(binding => binding.Action.Hint is not null && binding.Action.Applies(model))
            // The header has the help where it has room for it.
            .Where(binding => width < HelpInHeader || binding.Action is not ToggleHelp)
            .ToArray();
        // The way out must always be readable, and the way to all the other keys. They take their room first.
        var always = hints
            .Where(hint => hint.Action is Quit or ToggleHelp || (hint.Action is OpenPalette && width >= HelpInHeader))
            .ToArray();
        var room = width - 1 - always.Sum(hint => Columns(model, hint)) - (always.Length - 1) * KeyGap.Length;
        var runs = ImmutableArray.CreateBuilder<Run>();
        var spots = ImmutableArray.CreateBuilder<Spot>();
        var x = 1;
        runs.Add(new(" ", Tone.Plain));
        foreach (var hint in hints.Except(always))
        {
            var wanted = Columns(model, hint) + KeyGap.Length;
            if (wanted > room)
            {
                break;
            }
            room -= wanted;
            Add(hint, KeyGap);
        }
        foreach (var hint in always)
        {
            if (hint.Action is Quit && room > RightMargin)
            {
                // At the right, whatever else works here.
                runs.Add(new(new(' ', room - RightMargin), Tone.Plain));
                x += room - RightMargin;
            }
            Add(hint, hint == always[^1] ? "" : KeyGap);
        }
        return new(new(runs.ToImmutable()), spots.ToImmutable());

        void Add(Binding hint, string gap)
        {
            runs.Add(new(hint.Label, Tone.Strong));
            runs.Add(new($" {hint.Action.HintFor(model)}{gap}", Tone.Dim));
            var end = x + Columns(model, hint);
            // A click on a key is that key; a click on the word is the last key.
            foreach (var (label, msg) in hint.Labelled)
            {
                var columns = Cells.Columns(label) + 1;
                spots.Add(new(x, columns, msg));
                x += columns;
            }
            spots.Add(new(x, end - x, hint.Labelled.Last().Msg));
            x = end + gap.Length;
        }
    }

    private static FooterVm Hinted(string hint, int width, Note? note, Func<EditKey, Msg> press)
    {
        var text = Cells.Cut(hint, width - 2);
        var room = width - 2 - Cells.Columns(text) - Gap.Length;
        return new(
            note is null || room < NarrowestNote
                ? Line.Text(" " + text, Tone.Dim)
                : Line.Of(new(" " + text + Gap, Tone.Dim), new(Cells.Cut(SafeText.OneLine(note.Text), room), Tone.Strong)),
            HintSpots(text, press)
        );
    }

    /// <summary>Where clicks on a hint, one column from the left, do what the keys in it do.</summary>
    public static ImmutableArray<Spot> HintSpots(string text, Func<EditKey, Msg> press)
    {
        var spots = ImmutableArray.CreateBuilder<Spot>();
        for (var x = 0; x < text.Length; )
        {
            var end = text.IndexOf(Gap, x, StringComparison.Ordinal) is var gap and >= 0 ? gap : text.Length;
            var part = text[x..end];
            if (part.StartsWith("↑ ↓", StringComparison.Ordinal) || part.StartsWith("← →", StringComparison.Ordinal))
            {
                spots.Add(new(1 + x, 2, press(EditKey.Up)));
                spots.Add(new(3 + x, part.Length - 2, press(EditKey.Down)));
            }
            else if (_clicks.FirstOrDefault(click => part.StartsWith(click.Word, StringComparison.Ordinal)) is { Word: not null } click)
            {
                spots.Add(new(1 + x, part.Length, part == "yes" ? new InputMsg.Typed("y") : press(click.Key)));
            }
            x = end + Gap.Length;
        }
        return spots.ToImmutable();
    }

    /// <summary>The first words of parts of <see cref="HintOf"/>, and the keys they stand for.</summary>
    private static readonly (string Word, EditKey Key)[] _clicks =
    [
        ("Enter", EditKey.Enter),
        ("yes", EditKey.Enter),
        ("Esc", EditKey.Escape),
        ("no", EditKey.Escape),
        ("Backspace", EditKey.Backspace),
    ];

    /// <summary>The keys of a dialog, as it is now.</summary>
    public static string HintOf(Dialog dialog) =>
        dialog.Command is not null ? "Esc cancels"
        : dialog.IsOrphaned ? "Esc closes"
        : dialog.ChosenIn is null ? dialog.Hint
        : dialog.Hint.Replace("Esc closes", "Esc back", StringComparison.Ordinal);

    private static int Columns(Model model, Binding hint) => Cells.Columns(hint.Label) + 1 + Cells.Columns(hint.Action.HintFor(model)!);
}
