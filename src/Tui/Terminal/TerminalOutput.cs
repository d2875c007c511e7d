using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using StoriesCli.Posix;
using Terminal.Gui.Drivers;

namespace StoriesCli.Tui.Terminal;

/// <summary>
/// Collects what is to be sent, and sends as much at a time as the terminal takes, so that a slow line never keeps a key waiting.
/// Terminal.Gui would wait until the last byte of a frame has gone out.
/// </summary>
internal sealed class TerminalOutput : AnsiOutput, IOutput, IDisposable
{
    private const int Again = 11,
        AgainElsewhere = 35,
        StandardOutput = 1,
        WriteOnly = 1,
        BandBytes = 1024;

    /// <summary>Ends whatever sequence was cut off. Otherwise it does nothing.</summary>
    public const string Terminator = "\e\\";

    private static volatile int s_open = -1;

    private readonly int _descriptor;
    private readonly List<byte> _waiting = [];
    private int _sent;
    private (int X, int Y)? _next;
    private bool _isDirect;
    private Cursor _cursor = new();

    public TerminalOutput()
    {
        // A description of our own: the shell's must not become non-blocking.
        _descriptor = OperatingSystem.IsLinux()
            ? Libc.Open("/proc/self/fd/1", WriteOnly | Libc.NonBlocking | Libc.NoControllingTerminal | Libc.CloseOnExec)
            : -1;
        s_open = _descriptor;
    }

    /// <summary>Whether the terminal has not taken everything yet.</summary>
    public bool IsWaiting => _waiting.Count > _sent;

    /// <summary>Whatever is still sent is lost. After a crash, from any thread.</summary>
    public static void Silence()
    {
        if (s_open is var open and >= 0)
        {
            TerminalMode.Silence(open);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_isDirect)
        {
            TerminalMode.Write(bytes);
        }
        else
        {
            _waiting.AddRange(bytes);
        }
    }

    /// <summary>Sends what the terminal takes without a wait.</summary>
    public void Flush()
    {
        var waiting = CollectionsMarshal.AsSpan(_waiting);
        while (_sent < waiting.Length)
        {
            // Without a descriptor of our own only little goes out at once: it may wait for the rest of it.
            if (_descriptor < 0 && !HasRoom())
            {
                return;
            }
            var band = _descriptor < 0 ? Math.Min(BandBytes, waiting.Length - _sent) : waiting.Length - _sent;
            var written = Libc.Write(_descriptor < 0 ? StandardOutput : _descriptor, in waiting[_sent], (nuint)band);
            if (written > 0)
            {
                _sent += (int)written;
            }
            else if (Libc.LastError is Again or AgainElsewhere)
            {
                return;
            }
            else if (Libc.LastError != Libc.Interrupted)
            {
                // The terminal is gone, which the loop learns by itself.
                _sent = waiting.Length;
            }
        }
        _waiting.Clear();
        _sent = 0;
    }

    /// <summary>Forgets what has not been sent, because all of it comes anew.</summary>
    public void Drop()
    {
        if (_sent > 0)
        {
            _waiting.Clear();
            _sent = 0;
            Send(Encoding.ASCII.GetBytes(Terminator));
        }
        else
        {
            _waiting.Clear();
        }
    }

    /// <summary>Forgets what has not been sent. From now on everything goes out at once.</summary>
    public void Leave()
    {
        Drop();
        _isDirect = true;
        TerminalMode.Write(CollectionsMarshal.AsSpan(_waiting));
        _waiting.Clear();
    }

    /// <summary>Cells. Terminal.Gui moves the cursor for each one that it leaves out; only the last move before the next cell counts.</summary>
    protected override void Write(StringBuilder output)
    {
        if (output.Length == 0)
        {
            return;
        }
        if (_next is var (x, y))
        {
            Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\e[{y + 1};{x + 1}H")));
            _next = null;
        }
        Send(Encoding.UTF8.GetBytes(output.ToString()));
    }

    protected override bool SetCursorPositionImpl(int screenPositionX, int screenPositionY)
    {
        _next = (screenPositionX, screenPositionY);
        return true;
    }

    void IOutput.Write(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        Send(bytes);
    }

    void IOutput.SetCursor(Cursor cursor)
    {
        _cursor = cursor;
        Send(cursor.IsVisible ? "\e[?25h"u8 : "\e[?25l"u8);
    }

    Cursor IOutput.GetCursor() => _cursor;

    void IDisposable.Dispose()
    {
        Leave();
        TerminalMode.Write(TerminalMode.ClearScreen);
        base.Dispose();
        if (_descriptor >= 0)
        {
            s_open = -1;
            Libc.Close(_descriptor);
        }
    }

    private static bool HasRoom()
    {
        var room = new Libc.PollDescriptor { Descriptor = StandardOutput, Events = Libc.PollOut };
        return Libc.Poll(ref room, 1, 0) > 0;
    }
}
