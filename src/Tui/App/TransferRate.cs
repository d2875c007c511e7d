namespace StoriesCli.Tui.App;

/// <summary>Turns bytes that moved into progress and rate, a few times a second.</summary>
internal sealed class TransferRate(long total, TimeProvider clock, Action<Transfer> told) : IProgress<long>
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();
    private long _lastTold;

    public void Report(long value)
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            if (_lastTold != 0 && value < total && clock.GetElapsedTime(_lastTold, now) < _pause)
            {
                return;
            }
            _lastTold = now;
        }
        var seconds = clock.GetElapsedTime(_start, now).TotalSeconds;
        told(new(value, total, seconds > 0 ? value / seconds : 0));
    }
}
