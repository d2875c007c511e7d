namespace StoriesCli.Server.Storage;

/// <summary>How long batches took from their first change to the disk. The writer thread alone adds; anybody may read.</summary>
internal sealed class CommitTimes
{
    /// <summary>Upper bounds, in seconds.</summary>
    public static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _ticks;

    public void Add(TimeSpan time)
    {
        var index = Array.FindIndex(Bounds, bound => time.TotalSeconds <= bound);
        Interlocked.Increment(ref _counts[index < 0 ? Bounds.Length : index]);
        Interlocked.Add(ref _ticks, time.Ticks);
    }

    public double TotalSeconds => TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds;

    /// <summary>How many took at most as long as each bound, and last how many there were.</summary>
    public long[] Cumulated()
    {
        var sum = 0L;
        return [.. _counts.Select((_, i) => sum += Interlocked.Read(ref _counts[i]))];
    }
}
