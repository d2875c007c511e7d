using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>Shows progress, speed and remaining time on one line.</summary>
internal sealed class ProgressBar(string label, long totalBytes, TimeProvider clock, Func<int> width, Action<string>? write)
    : IProgress<long>,
        IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly long _start = clock.GetTimestamp();
    private long _drawnAt;
    private bool _isDrawn;

    public void Report(long value)
    {
        if (write is null)
        {
            return;
        }
        var elapsed = clock.GetElapsedTime(_start);
        var isDue = _isDrawn ? clock.GetElapsedTime(_drawnAt) >= Interval : elapsed >= Patience;
        if (isDue)
        {
            _isDrawn = true;
            _drawnAt = clock.GetTimestamp();
            write("\r\e[K" + Draw(label, value, totalBytes, elapsed, width() - 1));
        }
    }

    public void Dispose()
    {
        if (_isDrawn)
        {
            write!("\r\e[K");
        }
    }

    public static string Draw(string label, long done, long total, TimeSpan elapsed, int width)
    {
        var share = total <= 0 ? 1 : Math.Clamp((double)done / total, 0, 1);
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var left = rate > 0 ? TimeSpan.FromSeconds(Math.Min((total - done) / rate, 359_999)) : (TimeSpan?)null;
        var facts =
            $" {share, 5:P0}  {ByteSize.Format((long)rate)}/s"
            + (left is { } time ? $"  {(int)time.TotalMinutes}:{time.Seconds:00} left" : "");
        var name = Columns.Cut(label, Math.Max(8, width / 3));
        var room = width - Columns.Measure(name) - facts.Length - 2;
        var cells = Math.Clamp(room, 0, 40);
        var full = (int)Math.Round(share * cells);
        return name + (cells >= 4 ? $" {new string('━', full)}{new string('─', cells - full)}" : "") + facts;
    }
}
