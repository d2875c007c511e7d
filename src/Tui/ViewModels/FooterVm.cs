using System.Collections.Immutable;
using StoriesCli.Tui.State;

namespace StoriesCli.Tui.ViewModels;

/// <summary>What there is to say, else the keys, as many as fit.</summary>
internal static class FooterVm
{
    private const string Gap = "   ";

    public static Line From(AppState s, int width)
    {
        if (s.Dialog is null && s.Note is { } note)
        {
            return Line.Text(" " + Cells.Cut(SafeText.OneLine(note.Text), width - 2), Tone.Strong);
        }
        if (s.Dialog is { } dialog)
        {
            return Line.Text(" " + Cells.Cut(Hint(s, dialog), width - 2), Tone.Dim);
        }
        var hints = s.Keys.For(s.Restricted).Where(key => key.Hint is not null).Select(key => (key.Label, Hint: key.Hint!)).ToArray();
        // Leaving must always be readable: it takes its room first.
        var quit = hints[^1];
        var room = width - 1 - Columns(quit);
        var runs = ImmutableArray.CreateBuilder<Run>();
        runs.Add(new(" ", Tone.Plain));
        foreach (var hint in hints[..^1])
        {
            room -= Columns(hint) + Gap.Length;
            if (room < 0)
            {
                break;
            }
            Add(hint, Gap);
        }
        Add(quit, "");
        return new(runs.ToImmutable());

        void Add((string Label, string Hint) hint, string gap)
        {
            runs.Add(new(hint.Label, Tone.Strong));
            runs.Add(new($" {hint.Hint}{gap}", Tone.Dim));
        }
    }

    private static string Hint(AppState s, Dialog dialog) => dialog switch
    {
        { Deed: not null } => "Esc cancels",
        { IsOrphaned: true } => "Esc closes",
        Dialog.Replying => "Enter sends   Esc closes, and keeps what is written",
        Dialog.Reacting => "← → choose   Enter reacts, or takes it back   Esc closes",
        Dialog.Asking => "Enter or y   yes   Esc or n   no",
        Dialog.Choosing { Up: not null } => "↑ ↓ choose   Enter opens   Backspace folder above   type to narrow   Esc back",
        Dialog.Choosing => "↑ ↓ choose   Enter opens   type to narrow   Esc closes",
        Dialog.Filling => "↑ ↓ field   Enter next   Esc closes, and keeps what is written",
        _ => "Enter goes on   Esc closes",
    };

    private static int Columns((string Label, string Hint) hint) => Cells.Columns(hint.Label) + 1 + Cells.Columns(hint.Hint);
}
