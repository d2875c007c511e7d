using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static StoriesCli.Cli.Running.Libc;

namespace StoriesCli.Cli.Running;

/// <summary>Carries bytes between our streams and the command's terminal, on one thread, until the command ends.</summary>
/// <param name="child">The command.</param>
/// <param name="input">Descriptor to read from, or -1.</param>
/// <param name="output">Where what the command writes is shown as it comes.</param>
/// <param name="keyboard">The terminal that <paramref name="input"/> is, or null.</param>
/// <param name="recorder">Told all that is shown, and every change of size.</param>
[SupportedOSPlatform("linux")]
internal sealed unsafe class Relay(PtyChild child, int input, Stream output, Keyboard? keyboard, Recorder? recorder) : IDisposable
{
    private const int DrainGraceMilliseconds = 10, ShortestPause = 20, LongestPause = 250;
    private const int CanonicalLine = 4000;

    // The kernel holds far less than this for one terminal: more must come from a grandchild that stays.
    private const int MostDrained = 256 * 1024;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<byte> _typed = [];
    private readonly SignalPipe _signals = new();
    private bool _inputEnded, _outputClosed;
    private int _pause = ShortestPause;
    private int _lineLength;
    private volatile int _exitCode = -1;

    /// <summary>Runs until the command has ended and what it wrote is shown.</summary>
    /// <returns>Its exit code.</returns>
    public int Run()
    {
        keyboard?.EnterRawMode();
        var waiter = new Thread(() =>
        {
            _exitCode = child.WaitForExitCode();
            _signals.Wake();
        })
        { IsBackground = true };
        waiter.Start();
        while (_exitCode < 0)
        {
            Step();
        }
        Drain();
        return _exitCode;
    }

    /// <summary>Passes a signal on; on any thread.</summary>
    public void Pass(PosixSignal signal) => _signals.Raise(signal);

    public void Dispose() => _signals.Dispose();

    private void Step()
    {
        var descriptors = stackalloc PollDescriptor[3];
        descriptors[0] = new() { Descriptor = child.Master, Events = (short)(PollIn | (_typed.Count > 0 ? PollOut : 0)) };
        descriptors[1] = new() { Descriptor = _typed.Count == 0 && !_inputEnded ? input : -1, Events = PollIn };
        descriptors[2] = new() { Descriptor = _signals.Descriptor, Events = PollIn };
        _ = Poll(descriptors, 3, (_inputEnded || input < 0) && !_outputClosed ? _pause : -1);
        if ((descriptors[0].Returned & ~PollOut) != 0)
        {
            Show();
        }
        if ((descriptors[0].Returned & PollOut) != 0)
        {
            Type();
        }
        if (descriptors[1].Returned != 0)
        {
            ReadInput();
        }
        if ((_inputEnded || input < 0) && _typed.Count == 0)
        {
            OfferEnd();
        }
        if (descriptors[2].Returned != 0)
        {
            _signals.Deliver(this.Act);
        }
    }

    /// <returns>Whether there was something.</returns>
    private bool Show()
    {
        var count = Read(child.Master);
        if (count <= 0)
        {
            return false;
        }
        recorder?.Add(_buffer.AsSpan(0, count));
        try
        {
            output.Write(_buffer, 0, count);
            output.Flush();
        }
        catch (IOException)
        {
            // Nobody reads us any more: the command learns it as from a terminal that is closed.
            _outputClosed = true;
            child.Dispose();
        }
        return true;
    }

    /// <summary>The command is gone; a grandchild may hold its terminal, so that no end of it can be waited for.</summary>
    private void Drain()
    {
        var waiting = new PollDescriptor { Descriptor = child.Master, Events = PollIn };
        for (var total = 0; total < MostDrained && child.Master >= 0 && Poll(&waiting, 1, DrainGraceMilliseconds) > 0; total += _buffer.Length / 16)
        {
            if (!Show())
            {
                return;
            }
        }
    }

    private void ReadInput()
    {
        var count = Read(input);
        _inputEnded = count <= 0;
        var end = keyboard is null ? EndOfFile() : null;
        foreach (var typed in _buffer.AsSpan(0, Math.Max(count, 0)))
        {
            _typed.Add(typed);
            _lineLength = typed == '\n' ? 0 : _lineLength + 1;
            // A terminal drops what a line has beyond 4,095 bytes; Ctrl-D in its middle hands over what there is.
            if (end is { } character && _lineLength >= CanonicalLine)
            {
                _typed.Add(character);
                _lineLength = 0;
            }
        }
    }

    private void Type()
    {
        fixed (byte* bytes = CollectionsMarshal.AsSpan(_typed))
        {
            var put = Write(child.Master, bytes, (nuint)_typed.Count);
            if (put > 0)
            {
                _typed.RemoveRange(0, (int)put);
                _pause = ShortestPause;
            }
        }
    }

    /// <summary>Ctrl-D ends one read, not all: there is another each time the command took the last.</summary>
    private void OfferEnd()
    {
        var waiting = new PollDescriptor { Descriptor = child.Slave, Events = PollIn };
        if (child.Slave >= 0 && Poll(&waiting, 1, 0) == 0 && EndOfFile() is { } end)
        {
            _typed.Add(end);
        }
        _pause = Math.Min(_pause * 2, LongestPause);
    }

    /// <summary>Null while the command reads key by key: there the character would be data.</summary>
    private byte? EndOfFile()
    {
        TerminalMode mode;
        return child.Master >= 0 && GetMode(child.Master, &mode) == 0 && (mode.Local & Canonical) != 0 ? mode.Characters[EndOfFileCharacter] : null;
    }

    private void Act(PosixSignal signal)
    {
        switch (signal)
        {
            case PosixSignal.SIGWINCH:
                Resize();
                break;
            case PosixSignal.SIGCONT:
                // The shell set the terminal back while we were stopped.
                keyboard?.EnterRawMode();
                break;
            case PosixSignal.SIGINT or PosixSignal.SIGQUIT:
                // As the terminal's own keys do: to whatever runs in front.
                SendTo(-GetForegroundGroup(child.Master), signal);
                break;
            default:
                SendTo(child.Process, signal);
                break;
        }
    }

    private void SendTo(int process, PosixSignal signal)
    {
        if (_exitCode < 0 && process is not (0 or -1 or 1))
        {
            _ = Send(process, SignalNumbers.Of(signal));
        }
    }

    private void Resize()
    {
        var size = Keyboard.SizeOfTerminal();
        _ = Libc.Control(child.Master, SetWindowSize, &size);
        recorder?.Resize(size.Columns, size.Rows);
    }

    private int Read(int descriptor)
    {
        fixed (byte* bytes = _buffer)
        {
            return (int)Libc.Read(descriptor, bytes, (nuint)_buffer.Length);
        }
    }
}
