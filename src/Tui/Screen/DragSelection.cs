using System.Collections.Immutable;
using System.Text;

namespace StoriesCli.Tui.Screen;

/// <summary>Text that the mouse is dragged over, from one cell to another, both included.</summary>
internal sealed class DragSelection
{
    private (int Row, int Column)? _from;
    private (int Row, int Column) _to;

    public bool IsOpen => _from is not null;

    /// <summary>A press that does not move is a click.</summary>
    public bool HasMoved => _from is { } from && from != _to;

    public void Begin(int column, int row) => _from = _to = (row, column);

    public void Extend(int column, int row) => _to = (row, column);

    public void End() => _from = null;

    /// <summary>The row with what is selected marked.</summary>
    public Line Paint(Line line, int row)
    {
        if (!HasMoved)
        {
            return line;
        }
        var runs = ImmutableArray.CreateBuilder<Run>();
        var text = new StringBuilder();
        Ink? ink = null;
        foreach (var (cluster, column, own) in Cut(line))
        {
            var next = Has(row, column) ? Tone.Chosen : own;
            if (ink is { } before && before != next)
            {
                Flush(before);
            }
            ink = next;
            text.Append(cluster);
        }
        if (ink is { } last)
        {
            Flush(last);
        }
        return new(runs.ToImmutable());

        void Flush(Ink of)
        {
            runs.Add(new(text.ToString(), of));
            text.Clear();
        }
    }

    /// <summary>What is selected, without spaces at the ends of rows; empty if nothing is.</summary>
    public string TextOf(ImmutableArray<Line> lines) =>
        HasMoved ? string.Join('\n', lines.Select((line, row) => TextOf(line, row)).Where((_, row) => IsIn(row))).Trim('\n') : "";

    private string TextOf(Line line, int row) =>
        string.Concat(Cut(line).Where(cell => Has(row, cell.Column)).Select(cell => cell.Cluster)).TrimEnd();

    private bool IsIn(int row) => _from is { } from && row >= Math.Min(from.Row, _to.Row) && row <= Math.Max(from.Row, _to.Row);

    private bool Has(int row, int column)
    {
        if (_from is not { } from)
        {
            return false;
        }
        var (first, last) = from.CompareTo(_to) <= 0 ? (from, _to) : (_to, from);
        return (row, column).CompareTo(first) >= 0 && (row, column).CompareTo(last) <= 0;
    }

    private static IEnumerable<(string Cluster, int Column, Ink Ink)> Cut(Line line)
    {
        var column = 0;
        foreach (var run in line.Runs)
        {
            foreach (var cluster in SafeText.Clusters(run.Text))
            {
                yield return (cluster.Text, column, run.Ink);
                column += cluster.Columns;
            }
        }
    }
}
