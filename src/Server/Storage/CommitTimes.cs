namespace StoriesCli.Server.Storage;

/// <summary>Histogram of the time from a batch's first change to the disk. Only the writer thread adds; any thread may read.</summary>
internal sealed class CommitTimes
{
    /// <summary>Upper bounds of the buckets, in seconds.</summary>
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

    /// <summary>Number of batches up to each bound, then the number of all.</summary>
    public long[] Cumulated()
    {
        var sum = 0L;
        return [.. _counts.Select((_, i) => sum += Interlocked.Read(ref _counts[i]))];
    }
}
