namespace StoriesCli.Server.Hosting;

/// <summary>The system's clock. When it is set back, this clock stands still for a minute before it follows, so that nothing expired returns.</summary>
/// <remarks>Within that minute the sweeper, which runs twice a minute, buries expired stories. Standing still until the old time would stop all expiry when a clock that was a year ahead is corrected.</remarks>
internal sealed class SteadyClock(TimeProvider system) : TimeProvider
{
    public static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _latest = DateTimeOffset.MinValue;
    private long? _heldSince;

    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    public override long TimestampFrequency => system.TimestampFrequency;

    public override long GetTimestamp() => system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        system.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            var now = system.GetUtcNow();
            if (now < _latest)
            {
                _heldSince ??= system.GetTimestamp();
                if (system.GetElapsedTime(_heldSince.Value) < LongestHold)
                {
                    return _latest;
                }
            }
            _heldSince = null;
            return _latest = now;
        }
    }
}
