using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Storage.Files;

/// <summary>A line on a terminal that says how far a long command has come in a file. It looks at the position itself, and removes the line at the end.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const string ToLineStart = "\r\e[K";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly TextWriter _terminal;
    private readonly string _what;
    private readonly Func<long> _position;
    private readonly long? _total;
    private readonly ITimer _timer;
    private bool _isOver;

    /// <param name="terminal">Where the line is written.</param>
    /// <param name="what">What the command does.</param>
    /// <param name="position">Bytes done so far. Called on another thread, until this is disposed.</param>
    /// <param name="total">Bytes in all; null when nobody knows.</param>
    /// <param name="time">Says when to look again.</param>
    public ProgressLine(TextWriter terminal, string what, Func<long> position, long? total, TimeProvider time)
    {
        (_terminal, _what, _position, _total) = (terminal, what, position, total);
        Write();
        _timer = time.CreateTimer(_ => Write(), null, Interval, Interval);
    }

    /// <summary>Begins a line on standard error.</summary>
    /// <returns>Null where standard error is no terminal, so that logs and pipes get nothing.</returns>
    public static ProgressLine? Start(string what, Func<long> position, long? total = null) =>
        Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "dumb"
            ? null
            : new(Console.Error, what, position, total, TimeProvider.System);

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            if (!_isOver)
            {
                _isOver = true;
                _terminal.Write(ToLineStart);
            }
        }
    }

    private void Write()
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                var done = _position();
                var text = _total is > 0 and { } total
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{ByteSize.Format(done)} of {ByteSize.Format(total)} ({100 * done / total} %)"
                    )
                    : ByteSize.Format(done);
                _terminal.Write($"{ToLineStart}{_what}: {text}");
            }
        }
    }
}
