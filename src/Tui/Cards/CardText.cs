using System.Collections.Immutable;
using System.Text;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Cards;

/// <summary>A text card as rows, drawn by its file name. It keeps its own colours.</summary>
internal static class CardText
{
    /// <summary>No card has as many: 64 KiB, a newline each.</summary>
    private const int RowsMaximum = 70_000;

    private const int TabColumns = 8;

    public static ImmutableArray<Line> Rows(string text, string? fileName, int columns) =>
        Extension(fileName) switch
        {
            ".md" or ".markdown" => MarkdownCard.Rows(text, columns) ?? Wrapped(Colours.Parse(text), columns),
            ".diff" or ".patch" => Wrapped(DiffCard.Colour(Colours.Parse(text)), columns),
            ".log" => Wrapped(LogCard.Colour(Colours.Parse(text)), columns),
            _ => Wrapped(Colours.Parse(text), columns),
        };

    /// <summary>Whether its rows are made for a width: other cards keep the lines that they have.</summary>
    public static bool IsFlowing(string? fileName) => Extension(fileName) is ".md" or ".markdown";

    public static ImmutableArray<Line> Wrapped(IEnumerable<Run> runs, int columns) => Cells.Wrap(WithoutTabs(runs), columns, RowsMaximum);

    /// <summary>The runs of each line; a run that reaches over several is parted.</summary>
    public static IEnumerable<List<Run>> LinesOf(IEnumerable<Run> runs)
    {
        var line = new List<Run>();
        foreach (var run in runs)
        {
            var from = 0;
            for (var at = run.Text.IndexOf('\n', StringComparison.Ordinal); at >= 0; from = at + 1, at = run.Text.IndexOf('\n', from))
            {
                line.Add(run with { Text = run.Text[from..(at + 1)] });
                yield return line;
                line = [];
            }
            if (from < run.Text.Length)
            {
                line.Add(run with { Text = run.Text[from..] });
            }
        }
        if (line.Count > 0)
        {
            yield return line;
        }
    }

    /// <summary>An ink of ours for what the author has not coloured.</summary>
    public static Run Inked(Run run, Ink ink) => run.Ink == Tone.Plain ? run with { Ink = ink } : run;

    private static IEnumerable<Run> WithoutTabs(IEnumerable<Run> runs)
    {
        var column = 0;
        foreach (var run in runs)
        {
            if (!run.Text.Contains('\t', StringComparison.Ordinal))
            {
                var end = run.Text.LastIndexOf('\n');
                column = end < 0 ? column + run.Text.Length : run.Text.Length - end - 1;
                yield return run;
                continue;
            }
            var text = new StringBuilder();
            foreach (var sign in run.Text)
            {
                var wide = sign == '\t' ? TabColumns - column % TabColumns : 1;
                text.Append(sign == '\t' ? ' ' : sign, wide);
                column = sign == '\n' ? 0 : column + wide;
            }
            yield return run with
            {
                Text = text.ToString(),
            };
        }
    }

    private static string? Extension(string? fileName) => Path.GetExtension(fileName)?.ToLowerInvariant();
}
