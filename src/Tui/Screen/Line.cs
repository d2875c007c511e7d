using System.Collections.Immutable;

namespace StoriesCli.Tui.Screen;

/// <summary>The meaning of a piece of text. Views choose the colours that the terminal can show.</summary>
internal enum Tone
{
    Plain,
    Dim,
    Strong,
    Accent,
    Good,
    Bad,
    Chosen,
}

[Flags]
internal enum InkStyle
{
    None = 0,
    Bold = 1,
    Faint = 2,
    Italic = 4,
    Underline = 8,
    Reverse = 16,
    Strike = 32,
}

internal readonly record struct Rgb(byte Red, byte Green, byte Blue);

/// <summary>A tone of ours, or colours that an author chose for a text card.</summary>
internal readonly record struct Ink(Tone Tone, Rgb? Fore = null, Rgb? Back = null, InkStyle Style = InkStyle.None)
{
    public static implicit operator Ink(Tone tone) => new(tone);
}

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
