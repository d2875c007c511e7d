using System.Collections.Immutable;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>Columns where a click does what a key does.</summary>
internal readonly record struct Spot(int X, int Width, Msg Message);

/// <summary>What there is to say, else the keys, as many as fit, and what a click on each means.</summary>
internal sealed record FooterVm(Line Line, ImmutableArray<Spot> Spots)
{
    private const string Gap = "   ";

    private const int HelpInHeader = 60;

    public static FooterVm From(AppState s, int width)
    {
        if (s.Dialog is null && s.Note is { } note)
        {
            return new(Line.Text(" " + Cells.Cut(SafeText.OneLine(note.Text), width - 2), Tone.Strong), []);
        }
        return s.Dialog is { } dialog ? Hinted(Hint(dialog), width)
            : s.Help ? Hinted("↑ ↓ scroll   Esc closes", width)
            : Keys(s, width);
    }

    /// <summary>What a click there means.</summary>
    public Msg? At(int x) => Spots.Where(spot => x >= spot.X && x < spot.X + spot.Width).Select(spot => spot.Message).FirstOrDefault();

    public bool Equals(FooterVm? other) => other is not null && Line == other.Line && Spots.AsSpan().SequenceEqual(other.Spots.AsSpan());

    public override int GetHashCode() => Line.GetHashCode();

    private static FooterVm Keys(AppState s, int width)
    {
        var hints = s.Keys.For(s.Restricted).Where(binding => binding.Hint is not null).ToArray();
        // Leaving must always be readable, and where the header has no room for it, help: they take their room first.
        var always = hints[^(width < HelpInHeader ? 2 : 1)..];
        var room = width - 1 - always.Sum(Columns) - (always.Length - 1) * Gap.Length;
        var runs = ImmutableArray.CreateBuilder<Run>();
        var spots = ImmutableArray.CreateBuilder<Spot>();
        var x = 1;
        runs.Add(new(" ", Tone.Plain));
        foreach (var hint in hints[..^always.Length])
        {
            room -= Columns(hint) + Gap.Length;
            if (room < 0)
            {
                break;
            }
            Add(hint, Gap);
        }
        foreach (var hint in always)
        {
            Add(hint, hint == always[^1] ? "" : Gap);
        }
        return new(new(runs.ToImmutable()), spots.ToImmutable());

        void Add(Binding hint, string gap)
        {
            runs.Add(new(hint.Label, Tone.Strong));
            runs.Add(new($" {hint.Hint}{gap}", Tone.Dim));
            var end = x + Columns(hint);
            // Each key of the label is itself; the word means the last of them.
            foreach (var (label, message) in hint.Labelled)
            {
                var columns = Cells.Columns(label) + 1;
                spots.Add(new(x, columns, message));
                x += columns;
            }
            spots.Add(new(x, end - x, hint.Labelled.Last().Message));
            x = end + gap.Length;
        }
    }

    private static FooterVm Hinted(string hint, int width)
    {
        var text = Cells.Cut(hint, width - 2);
        var spots = ImmutableArray.CreateBuilder<Spot>();
        for (var x = 0; x < text.Length; )
        {
            var end = text.IndexOf(Gap, x, StringComparison.Ordinal) is var gap and >= 0 ? gap : text.Length;
            var part = text[x..end];
            if (part.StartsWith("↑ ↓", StringComparison.Ordinal) || part.StartsWith("← →", StringComparison.Ordinal))
            {
                spots.Add(new(1 + x, 2, new Msg.Steered(Steer.Up)));
                spots.Add(new(3 + x, part.Length - 2, new Msg.Steered(Steer.Down)));
            }
            else if (_clicks.FirstOrDefault(click => part.StartsWith(click.Word, StringComparison.Ordinal)) is { Word: not null } click)
            {
                spots.Add(new(1 + x, part.Length, new Msg.Steered(click.Steer)));
            }
            x = end + Gap.Length;
        }
        return new(Line.Text(" " + text, Tone.Dim), spots.ToImmutable());
    }

    /// <summary>What the words of <see cref="Hint"/> begin with, and the key that they name.</summary>
    private static readonly (string Word, Steer Steer)[] _clicks =
    [
        ("Enter", Steer.Enter),
        ("yes", Steer.Enter),
        ("Esc", Steer.Escape),
        ("no", Steer.Escape),
        ("Backspace", Steer.Backspace),
    ];

    private static string Hint(Dialog dialog) =>
        dialog switch
        {
            { Deed: not null } => "Esc cancels",
            { IsOrphaned: true } => "Esc closes",
            Dialog.Replying => "Enter sends   Esc closes, and keeps what is written",
            Dialog.Reacting => "← → choose   Enter reacts, or takes it back   Esc closes",
            Dialog.Asking { IsGrave: true } => "y   yes   Esc or n   no",
            Dialog.Asking => "Enter or y   yes   Esc or n   no",
            Dialog.Choosing { IsNumbered: true } list => $"1 to {list.All.Length} chooses   Esc closes",
            Dialog.Sharing or Dialog.Telling { Copied: not null } => "y copies it again   Esc closes",
            Dialog.Telling => "Esc closes",
            Dialog.Choosing { Up: not null } => "↑ ↓ choose   Enter opens   Backspace folder above   type to narrow   Esc back",
            Dialog.Choosing => "↑ ↓ choose   Enter opens   type to narrow   Esc closes",
            Dialog.Filling form =>
                $"↑ ↓ field   Enter {(form.OnButton ? form.Button.ToLowerInvariant() + "s" : EnterIn(form.Fields[form.At].Kind))}   Esc closes{(form.For == FormFor.Post ? ", and keeps what is written" : "")}",
            _ => "Enter goes on   Esc closes",
        };

    private static string EnterIn(FieldKind kind) =>
        kind switch
        {
            FieldKind.File => "chooses a file",
            FieldKind.Lines => "new line",
            FieldKind.More => "shows more",
            _ => "next",
        };

    private static int Columns(Binding hint) => Cells.Columns(hint.Label) + 1 + Cells.Columns(hint.Hint!);
}
