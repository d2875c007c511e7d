namespace StoriesCli.Tui.Recordings;

/// <summary>How much output there is by an instant. With columns: the terminal changes its size before it.</summary>
internal readonly record struct CastEvent(TimeSpan At, int End, ushort Columns, ushort Rows);

/// <summary>A terminal recording: all its output, and when each part of it came. Immutable.</summary>
/// <param name="Columns">Of the terminal at the start.</param>
/// <param name="Rows">Of the terminal at the start.</param>
/// <param name="Output">What the recorded programs wrote, in UTF-8.</param>
/// <param name="Events">In order; pauses in which nothing happens are shortened.</param>
internal sealed record Recording(int Columns, int Rows, ReadOnlyMemory<byte> Output, CastEvent[] Events)
{
    /// <summary>Size that the header states, which need not be one that a terminal can have.</summary>
    public (double Columns, double Rows) Stated { get; init; } = (Columns, Rows);

    public TimeSpan Length => Events.Length > 0 ? Events[^1].At : TimeSpan.Zero;
}
