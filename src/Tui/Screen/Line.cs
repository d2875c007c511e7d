using System.Collections.Immutable;

namespace StoriesCli.Tui.Screen;

/// <summary>Text of one ink.</summary>
internal readonly record struct Run(string Text, Ink Ink);

/// <summary>One row of text. Rows that look the same are equal.</summary>
internal sealed record Line(ImmutableArray<Run> Runs)
{
    public static Line Empty { get; } = new([]);

    public int Columns => Runs.Sum(run => Cells.Columns(run.Text));

    public static Line Of(params ReadOnlySpan<Run> runs) => new([.. runs]);

    public static Line Text(string text, Ink ink) => new([new(text, ink)]);

    public bool Equals(Line? other) => other is not null && Runs.AsSpan().SequenceEqual(other.Runs.AsSpan());

    public override int GetHashCode() => Runs.Length;

    public override string ToString() => string.Concat(Runs.Select(run => run.Text));
}
