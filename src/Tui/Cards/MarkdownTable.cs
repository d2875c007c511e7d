using System.Collections.Immutable;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Cards;

internal enum CellSide
{
    Left,
    Middle,
    Right,
}

/// <summary>A table of a Markdown card: columns as wide as they need, or fairly less, with cells that wrap.</summary>
internal static class MarkdownTable
{
    private const string Bar = " │ ";
    private const int NarrowestColumn = 3,
        RowsOfCell = 200;

    /// <param name="rows">Cells of each row, the head first.</param>
    /// <param name="sides">To which side the text of each column goes; columns without one go to the left.</param>
    /// <param name="columns">The width.</param>
    /// <returns>Null where there are more columns than can be read in this width.</returns>
    public static ImmutableArray<Line>? Rows(Run[][][] rows, ImmutableArray<CellSide> sides, int columns)
    {
        var count = rows.Select(row => row.Length).DefaultIfEmpty().Max();
        var room = columns - (count - 1) * Bar.Length;
        if (count == 0 || room < count * NarrowestColumn)
        {
            return null;
        }
        var widths = Widths([.. Enumerable.Range(0, count).Select(i => Widest(rows, i))], room);
        var drawn = ImmutableArray.CreateBuilder<Line>();
        for (var i = 0; i < rows.Length; i++)
        {
            drawn.AddRange(Row(rows[i], widths, sides, isHead: i == 0));
            if (i == 0)
            {
                drawn.Add(Line.Text(string.Join("─┼─", widths.Select(width => new string('─', width))), Tone.Dim));
            }
        }
        return drawn.ToImmutable();
    }

    private static int Widest(Run[][][] rows, int column) =>
        rows.Where(row => column < row.Length).Select(row => row[column].Sum(run => Cells.Columns(run.Text))).DefaultIfEmpty().Max();

    /// <summary>What each needs, with the widest cut to the same width until all fit.</summary>
    private static int[] Widths(int[] needed, int room)
    {
        var most = needed.Max();
        while (most > 1 && needed.Sum(width => Math.Clamp(width, 1, most)) > room)
        {
            most--;
        }
        return [.. needed.Select(width => Math.Clamp(width, 1, most))];
    }

    private static IEnumerable<Line> Row(Run[][] cells, int[] widths, ImmutableArray<CellSide> sides, bool isHead)
    {
        var wrapped = widths
            .Select((width, i) => i < cells.Length ? CardText.Wrapped(isHead ? cells[i].Select(Bold) : cells[i], width) : [])
            .ToArray();
        var height = Math.Clamp(wrapped.Max(lines => lines.Length), 1, RowsOfCell);
        for (var row = 0; row < height; row++)
        {
            var runs = ImmutableArray.CreateBuilder<Run>();
            for (var i = 0; i < widths.Length; i++)
            {
                var line = row < wrapped[i].Length ? wrapped[i][row] : Line.Empty;
                var gap = Math.Max(0, widths[i] - line.Columns);
                var before = (i < sides.Length ? sides[i] : CellSide.Left) switch
                {
                    CellSide.Right => gap,
                    CellSide.Middle => gap / 2,
                    _ => 0,
                };
                runs.Add(new((i > 0 ? Bar : ""), Tone.Dim));
                runs.Add(new(new(' ', before), Tone.Plain));
                runs.AddRange(line.Runs);
                runs.Add(new(i < widths.Length - 1 ? new(' ', gap - before) : "", Tone.Plain));
            }
            yield return new(runs.ToImmutable());
        }
    }

    private static Run Bold(Run run) => run with { Ink = run.Ink with { Style = run.Ink.Style | InkStyle.Bold } };
}
