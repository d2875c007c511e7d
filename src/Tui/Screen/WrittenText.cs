using System.Collections.Immutable;
using System.Globalization;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>Text that is being edited, with its caret.</summary>
internal static class WrittenText
{
    // A space would be lost at a line break.
    private const string Blank = "\u00a0";

    private const int RowsMaximum = 70_000;

    /// <summary>Up to this many rows around the caret.</summary>
    public static ImmutableArray<Line> Around(TextEdit text, string prompt, int columns, int rows)
    {
        var (before, rest) = (text.Text[..text.Caret], text.Text[text.Caret..]);
        var under = rest.Length == 0 || char.IsWhiteSpace(rest[0]) ? "" : rest[..StringInfo.GetNextTextElementLength(rest)];
        var after =
            under.Length > 0 ? rest[under.Length..]
            : rest.StartsWith(' ') ? rest[1..]
            : rest;
        var lines = Cells.Wrap(
            [
                new(prompt, Tone.Accent),
                new(before, text.IsProposal ? Tone.Dim : Tone.Plain),
                new(SafeText.OneLine(under) is { Length: > 0 } seen ? seen : Blank, Tone.Chosen),
                new(after, Tone.Plain),
            ],
            columns,
            RowsMaximum
        );
        var caret = lines.ToList().FindIndex(line => line.Runs.Any(run => run.Ink == Tone.Chosen));
        var top = Math.Clamp(caret - rows + 1, 0, Math.Max(0, lines.Length - rows));
        return [.. lines.Skip(top).Take(rows)];
    }

    /// <summary>The first row of a field without the caret.</summary>
    public static Line First(TextEdit text, int columns)
    {
        var end = text.Text.IndexOf('\n', StringComparison.Ordinal);
        return Line.Text(Cells.Cut(SafeText.OneLine(end < 0 ? text.Text : text.Text[..end] + " …"), columns), Tone.Plain);
    }
}
