namespace StoriesCli.Contracts;

/// <summary>Times as rows and the wire have them: in whole milliseconds, so that a stored time equals the one that was answered.</summary>
public static class WholeMilliseconds
{
    /// <summary>The same time without its fraction of a millisecond, in UTC.</summary>
    public static DateTimeOffset ToWholeMilliseconds(this DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>The clock's time in whole milliseconds.</summary>
    public static DateTimeOffset GetWholeMilliseconds(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return clock.GetUtcNow().ToWholeMilliseconds();
    }
}
