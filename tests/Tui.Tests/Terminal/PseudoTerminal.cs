using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using StoriesCli.Posix;
using StoriesCli.Testing;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>A terminal whose other end is in the hands of the test: it takes output as slowly as the test likes, and hangs up when told.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const int SetWindowSize = 0x5414,
        StopSignal = 19,
        ContinueSignal = 18;

    private readonly byte[] _modeOfShell = new byte[256];

    private readonly int _master;
    private readonly Process _program;
    private readonly StringBuilder _output = new();
    private readonly Emulator _screen;
    private bool _isClosed;

    /// <param name="columns">Its width.</param>
    /// <param name="rows">Its height.</param>
    /// <param name="command">A command for <c>sh</c>, whose process it takes over.</param>
    public unsafe PseudoTerminal(int columns, int rows, string command)
    {
        _screen = new(columns, rows);
        _master = Libc.Check(LibcTerminal.OpenPseudoTerminal(Libc.ReadWrite | Libc.NoControllingTerminal | Libc.CloseOnExec), "openpt");
        Libc.Check(LibcTerminal.GrantPseudoTerminal(_master), "grantpt");
        Libc.Check(LibcTerminal.UnlockPseudoTerminal(_master), "unlockpt");
        var name = stackalloc byte[128];
        Libc.Check(LibcTerminal.NamePseudoTerminal(_master, name, 128), "ptsname");
        var path = Marshal.PtrToStringUTF8((nint)name)!;
        var size = new LibcTerminal.WindowSize { Rows = (ushort)rows, Columns = (ushort)columns };
        Libc.Check(LibcTerminal.Control(_master, SetWindowSize, &size), "ioctl");
        Libc.Check(LibcTerminal.GetMode(_master, _modeOfShell), "tcgetattr");
        var start = new ProcessStartInfo("sh", ["-c", $"exec setsid --ctty sh -c 'exec {command}' <>{path} >&0 2>/dev/null"]);
        start.Environment.Remove("TMUX");
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["COLORTERM"] = "truecolor";
        _program = Process.Start(start)!;
    }

    public Process Program => _program;

    /// <summary>Everything that was taken.</summary>
    public string Output => _output.ToString();

    public unsafe void Press(string keys)
    {
        var bytes = Encoding.UTF8.GetBytes(keys);
        fixed (byte* first = bytes)
        {
            Libc.Check((int)Libc.Write(_master, first, (nuint)bytes.Length), "write");
        }
    }

    /// <summary>Takes what is there, up to this many bytes, without a wait.</summary>
    public int Take(int most = 1 << 16)
    {
        var waiting = new Libc.PollDescriptor { Descriptor = _master, Events = Libc.PollIn };
        if (_isClosed || Libc.Poll(ref waiting, 1, 0) <= 0 || (waiting.Returned & Libc.PollIn) == 0)
        {
            return 0;
        }
        var bytes = new byte[most];
        var count = Math.Max(0, (int)Libc.Read(_master, ref bytes[0], (nuint)most));
        var work = long.MaxValue;
        _screen.Feed(bytes.AsSpan(0, count), ref work);
        _output.Append(Encoding.Latin1.GetString(bytes, 0, count));
        return count;
    }

    /// <summary>The cells of a row.</summary>
    public Glyph[] Row(int y) => _screen.Row(y).ToArray();

    /// <summary>What the user sees.</summary>
    public string Screen()
    {
        var text = new StringBuilder();
        for (var y = 0; y < _screen.Rows; y++, text.AppendLine())
        {
            foreach (var glyph in _screen.Row(y))
            {
                glyph.AppendTo(text);
            }
        }
        return text.ToString();
    }

    /// <summary>Takes everything until this is on the screen.</summary>
    public async Task SeesAsync(string text)
    {
        try
        {
            await Eventually.TrueAsync(() =>
            {
                while (Take() > 0) { }
                return Screen().Contains(text, StringComparison.Ordinal);
            });
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the terminal never showed {text}; it shows:\n{Screen()}");
        }
    }

    /// <summary>Closes the window, as a user closes that of a terminal.</summary>
    public void HangUp()
    {
        _isClosed = true;
        Libc.Close(_master);
    }

    /// <summary>Stops the program, and puts the terminal's mode back, as a shell does.</summary>
    public async Task StopAsync()
    {
        Libc.Check(LibcProcess.Send(_program.Id, StopSignal), "kill");
        var status = string.Create(CultureInfo.InvariantCulture, $"/proc/{_program.Id}/stat");
        await Eventually.TrueAsync(() => File.ReadAllText(status).Split(") ")[^1].StartsWith('T'));
        Libc.Check(LibcTerminal.SetMode(_master, 0, _modeOfShell), "tcsetattr");
    }

    public void Continue() => Libc.Check(LibcProcess.Send(_program.Id, ContinueSignal), "kill");

    /// <summary>How often threads of the program have waited and gone on.</summary>
    public long CountWakeups() =>
        Directory
            .GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{_program.Id}/task"))
            .Sum(thread =>
                File.ReadLines(Path.Combine(thread, "status"))
                    .Where(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
                    .Sum(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture))
            );

    public void Dispose()
    {
        if (!_program.HasExited)
        {
            _program.Kill();
        }
        _program.Dispose();
        if (!_isClosed)
        {
            HangUp();
        }
    }
}
