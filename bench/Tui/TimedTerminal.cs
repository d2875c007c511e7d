using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using StoriesCli.Emulation;
using StoriesCli.Posix;

namespace StoriesCli.Bench.Tui;

/// <summary>
/// A program at the end of a pseudo terminal of 120×40 cells of 10×20 pixels. A thread takes what it writes at once, as a terminal does, and
/// notes when; what is on the screen is found out afterwards, so that it costs the program nothing.
/// </summary>
internal sealed class TimedTerminal : IDisposable
{
    public const int Columns = 120,
        Rows = 40;

    /// <summary>Output that comes later than this is not an answer to the key.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    private const uint Canonical = 0x2;

    private const int ReadMaximum = 1 << 16,
        PollMilliseconds = 20;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30),
        // Between two looks whether the program still runs.
        _look = TimeSpan.FromMilliseconds(200);

    private readonly int _master;
    private readonly byte[] _modeOfShell = new byte[256];
    private readonly Thread _reader;
    private readonly Queue<Part> _parts = new();
    private readonly TerminalAnswers _answers;
    private Emulator _screen = new(Columns, Rows);
    private volatile bool _isClosed;
    private long _bytes;

    /// <summary>What one read took.</summary>
    private sealed record Part(long At, byte[] Bytes, int Frames, int Pictures);

    /// <param name="isKitty">Whether it answers questions as kitty does; else as a terminal without graphics.</param>
    /// <param name="environment">Variables of the program beside those of the benchmark; null removes one.</param>
    /// <param name="command">The program and its arguments.</param>
    public unsafe TimedTerminal(bool isKitty, IReadOnlyDictionary<string, string?> environment, params string[] command)
    {
        _answers = new(isKitty, Columns, Rows);
        _master = Libc.Check(LibcTerminal.OpenPseudoTerminal(Libc.ReadWrite | Libc.NoControllingTerminal | Libc.CloseOnExec), "openpt");
        Libc.Check(LibcTerminal.GrantPseudoTerminal(_master), "grantpt");
        Libc.Check(LibcTerminal.UnlockPseudoTerminal(_master), "unlockpt");
        var name = stackalloc byte[128];
        Libc.Check(LibcTerminal.NamePseudoTerminal(_master, name, 128), "ptsname");
        var size = new LibcTerminal.WindowSize
        {
            Rows = Rows,
            Columns = Columns,
            PixelsAcross = Columns * TerminalAnswers.CellWidth,
            PixelsDown = Rows * TerminalAnswers.CellHeight,
        };
        Libc.Check(LibcTerminal.Control(_master, LibcTerminal.SetWindowSize, &size), "ioctl");
        Libc.Check(LibcTerminal.GetMode(_master, _modeOfShell), "tcgetattr");

        // setpriv has the kernel end the program with this one. The shell waits for a line, and then becomes the program.
        const string Shell = "exec setsid --ctty sh -c 'printf ready; read -r line; exec \"$@\"' sh \"$@\" <>\"$0\" >&0 2>&0";
        var start = new ProcessStartInfo(
            "setpriv",
            ["--pdeathsig", "KILL", "sh", "-c", Shell, Marshal.PtrToStringUTF8((nint)name)!, .. command]
        );
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }
        start.Environment["TERM"] = isKitty ? "xterm-kitty" : "xterm-256color";
        start.Environment["COLORTERM"] = "truecolor";
        Program = Process.Start(start)!;
        _reader = new(ReadAll) { IsBackground = true };
        _reader.Start();
        Until(t => t.Shows("ready"), "the shell of the benchmark");
        lock (_parts)
        {
            _screen = new(Columns, Rows);
            _bytes = 0;
        }
        ExecutedAt = Press("\n");
    }

    public Process Program { get; }

    /// <summary>When the shell was told to become the program; a time of <see cref="Stopwatch"/>, as all times here.</summary>
    public long ExecutedAt { get; }

    /// <summary>Frames, as DEC 2026 ends them, in what was looked at.</summary>
    public int Frames { get; private set; }

    /// <summary>Whole pictures of kitty's protocol in what was looked at.</summary>
    public int Pictures { get; private set; }

    /// <summary>Bytes that the program wrote.</summary>
    public long Bytes
    {
        get
        {
            lock (_parts)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Cells that are drawn as two or more pixels.</summary>
    public int BlockCells =>
        Enumerable.Range(0, Rows).Sum(y => _screen.Row(y).ToArray().Count(glyph => glyph.Rune is (>= 0x2580 and <= 0x259F) or >= 0x1CD00));

    /// <summary>The colours of the row in the middle, by which one picture in blocks differs from another.</summary>
    public string Drawn => string.Join(' ', _screen.Row(Rows / 2).ToArray().Select(glyph => glyph.Ink));

    /// <summary>Presses keys, and returns when.</summary>
    public long Press(string keys)
    {
        var at = Stopwatch.GetTimestamp();
        Write(Encoding.UTF8.GetBytes(keys));
        return at;
    }

    public string Row(int y)
    {
        var text = new StringBuilder();
        foreach (var glyph in _screen.Row(y))
        {
            glyph.AppendTo(text);
        }
        return text.ToString();
    }

    /// <summary>All that is on the screen, a line a row.</summary>
    public string Screen() => string.Join('\n', Enumerable.Range(0, Rows).Select(Row));

    public bool Shows(string text) => Screen().Contains(text, StringComparison.Ordinal);

    /// <summary>Looks at one part of the output after the other until this is true, and returns when the part came that made it true.</summary>
    /// <param name="isTrue">Looks at the screen.</param>
    /// <param name="what">What is waited for, for the error.</param>
    public long Until(Func<TimedTerminal, bool> isTrue, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var hasEnded = Program.HasExited;
            var left = _patience - Stopwatch.GetElapsedTime(started);
            if (Next(left < _look ? left : _look) is { } part)
            {
                if (isTrue(this))
                {
                    return part.At;
                }
            }
            else if (hasEnded || left <= TimeSpan.Zero)
            {
                throw new InvalidOperationException(
                    $"the terminal never showed {what}{(hasEnded ? $"; the program ended with {Program.ExitCode}" : "")}; it shows:\n{Screen().Trim()}"
                );
            }
        }
    }

    /// <summary>Looks at all output until none has come for a time, and returns when the last came; 0 when none was left.</summary>
    public long Settle(TimeSpan pause)
    {
        var last = 0L;
        while (Next(pause) is { } part)
        {
            last = part.At;
        }
        return last;
    }

    /// <summary>Looks at the output that is there, on a screen that was blank.</summary>
    public void Forget()
    {
        Settle(TimeSpan.Zero);
        _screen = new(Columns, Rows);
    }

    /// <summary>Whether it gives the program whole lines, as it does for a shell's commands, and not each key.</summary>
    public unsafe bool IsByLine
    {
        get
        {
            LibcTerminal.TerminalMode mode;
            Libc.Check(LibcTerminal.GetMode(_master, &mode), "tcgetattr");
            return (mode.Local & Canonical) != 0;
        }
    }

    /// <summary>Puts the terminal's mode back, as a shell does that takes it.</summary>
    public void TakeByShell() => Libc.Check(LibcTerminal.SetMode(_master, 0, _modeOfShell), "tcsetattr");

    /// <summary>Closes it, as a window is closed, and returns when.</summary>
    public long HangUp()
    {
        _isClosed = true;
        _reader.Join();
        var at = Stopwatch.GetTimestamp();
        Libc.Close(_master);
        return at;
    }

    public void Dispose()
    {
        if (!Program.HasExited)
        {
            Program.Kill(entireProcessTree: true);
            Program.WaitForExit();
        }
        Program.Dispose();
        if (!_isClosed)
        {
            HangUp();
        }
    }

    /// <summary>The next part of the output, which is then on the screen; null when none came in this time.</summary>
    private Part? Next(TimeSpan pause)
    {
        Part? part;
        var started = Stopwatch.GetTimestamp();
        lock (_parts)
        {
            while (!_parts.TryDequeue(out part))
            {
                var left = pause - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_parts, left))
                {
                    return null;
                }
            }
        }
        var work = long.MaxValue;
        _screen.Feed(part.Bytes, ref work);
        (Frames, Pictures) = (part.Frames, part.Pictures);
        return part;
    }

    private void ReadAll()
    {
        var bytes = new byte[ReadMaximum];
        while (!_isClosed)
        {
            var waiting = new Libc.PollDescriptor { Descriptor = _master, Events = Libc.PollIn };
            if (Libc.Poll(ref waiting, 1, PollMilliseconds) <= 0)
            {
                continue;
            }
            var count = (int)Libc.Read(_master, ref bytes[0], ReadMaximum);
            var at = Stopwatch.GetTimestamp();
            if (count <= 0)
            {
                // Nobody has its other end any more.
                return;
            }
            var answer = _answers.To(bytes.AsSpan(0, count));
            if (answer.Length > 0)
            {
                Write(Encoding.ASCII.GetBytes(answer));
            }
            lock (_parts)
            {
                _bytes += count;
                _parts.Enqueue(new(at, bytes[..count], _answers.Frames, _answers.Pictures));
                Monitor.PulseAll(_parts);
            }
        }
    }

    private void Write(byte[] bytes)
    {
        if (Libc.Write(_master, in bytes[0], (nuint)bytes.Length) != bytes.Length)
        {
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a terminal did not take {bytes.Length} bytes of input: error {Libc.LastError}"
                )
            );
        }
    }
}
