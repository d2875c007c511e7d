using System.Collections.Immutable;
using System.Text;

namespace StoriesCli.Tui.Screen;

/// <summary>Fits text into columns and rows. The result is clean, even if the input is not.</summary>
internal static class Cells
{
    public static int Columns(string text) => SafeText.Clusters(text).Sum(cluster => cluster.Columns);

    /// <summary>The text, cut to the columns; <c>…</c> marks the cut.</summary>
    public static string Cut(string text, int columns)
    {
        if (columns <= 0)
        {
            return "";
        }
        var cut = new StringBuilder();
        var used = 0;
        var kept = 0;
        foreach (var cluster in SafeText.Clusters(text))
        {
            if (used + cluster.Columns > columns)
            {
                cut.Length = kept;
                return cut.Append('…').ToString();
            }
            cut.Append(cluster.Text);
            used += cluster.Columns;
            kept = used < columns ? cut.Length : kept;
        }
        return cut.ToString();
    }

    /// <summary>The end of the text, after <c>…</c> if it is cut: paths differ at the end.</summary>
    public static string CutStart(string text, int columns)
    {
        var clusters = SafeText.Clusters(text).ToArray();
        var first = clusters.Length;
        var used = 0;
        while (first > 0 && used + clusters[first - 1].Columns <= columns)
        {
            used += clusters[--first].Columns;
        }
        if (first == 0 || columns <= 0)
        {
            return columns <= 0 ? "" : string.Concat(clusters.Select(cluster => cluster.Text));
        }
        // One column is for the ellipsis.
        for (; first < clusters.Length && used > columns - 1; first++)
        {
            used -= clusters[first].Columns;
        }
        return "…" + string.Concat(clusters.Skip(first).Select(cluster => cluster.Text));
    }

    /// <summary>Breaks at newlines, and at spaces if possible. Text beyond the rows is cut, marked by <c>…</c>.</summary>
    public static ImmutableArray<Line> Wrap(IEnumerable<Run> runs, int columns, int rows)
    {
        if (columns <= 0 || rows <= 0)
        {
            return [];
        }
        var lines = ImmutableArray.CreateBuilder<Line>();
        var row = new List<Inked>();
        var used = 0;
        foreach (var next in runs.SelectMany(run => SafeText.Clusters(run.Text).Select(c => new Inked(c, run.Ink))))
        {
            if (lines.Count == rows)
            {
                lines[^1] = Ellipsis(lines[^1], columns);
                return lines.ToImmutable();
            }
            if (next.Cluster.Text == "\n")
            {
                Flush(row.Count);
                continue;
            }
            var full = used + next.Cluster.Columns > columns && row.Count > 0;
            if (full && next.IsSpace)
            {
                // The break replaces the space.
                Flush(row.Count);
                continue;
            }
            if (full)
            {
                var space = row.FindLastIndex(c => c.IsSpace);
                Flush(space > 0 ? space + 1 : row.Count);
            }
            row.Add(next);
            used += next.Cluster.Columns;
        }
        if (row.Count > 0 && lines.Count < rows)
        {
            Flush(row.Count);
        }
        else if (row.Count > 0)
        {
            lines[^1] = Ellipsis(lines[^1], columns);
        }
        return lines.ToImmutable();

        void Flush(int count)
        {
            lines.Add(Joined(row.Take(count)));
            row.RemoveRange(0, count);
            used = row.Sum(c => c.Cluster.Columns);
        }
    }

    private static Line Joined(IEnumerable<Inked> row)
    {
        var runs = ImmutableArray.CreateBuilder<Run>();
        var text = new StringBuilder();
        Ink ink = Tone.Plain;
        foreach (var (cluster, next) in row)
        {
            if (text.Length > 0 && next != ink)
            {
                runs.Add(new(text.ToString(), ink));
                text.Clear();
            }
            ink = next;
            text.Append(cluster.Text);
        }
        if (text.Length > 0)
        {
            runs.Add(new(text.ToString(), ink));
        }
        return new(runs.ToImmutable());
    }

    /// <summary>The line, cut to the columns.</summary>
    public static Line Fit(Line line, int columns)
    {
        if (line.Columns <= columns)
        {
            return line;
        }
        var runs = ImmutableArray.CreateBuilder<Run>();
        foreach (var run in line.Runs)
        {
            var room = columns - runs.Sum(kept => Columns(kept.Text));
            if (room <= 0)
            {
                break;
            }
            runs.Add(run with { Text = Cut(run.Text, room) });
        }
        return new(runs.ToImmutable());
    }

    /// <summary>The line, with <c>…</c> at its end: more follows that is not shown.</summary>
    public static Line Ellipsis(Line line, int columns)
    {
        if (line.Runs.IsEmpty)
        {
            return Line.Text("…", Tone.Dim);
        }
        var others = line.Runs[..^1];
        var room = columns - others.Sum(run => Columns(run.Text));
        var last = line.Runs[^1].Text.TrimEnd(' ') + "…";
        return new([.. others, line.Runs[^1] with { Text = Cut(last, room) }]);
    }

    private readonly record struct Inked(Cluster Cluster, Ink Ink)
    {
        public bool IsSpace => Cluster.Text == " ";
    }
}
