using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using StoriesCli.Contracts;
using StoriesCli.Posix;
using static StoriesCli.Posix.Libc;
using static StoriesCli.Posix.LibcProcess;
using static StoriesCli.Posix.LibcTerminal;

namespace StoriesCli.Cli.Running;

/// <summary>Copies bytes between our streams and the command's terminal, on one thread, until the command ends.</summary>
/// <param name="child">The command.</param>
/// <param name="signals">Signals to pass on.</param>
/// <param name="input">Descriptor of <paramref name="keyboard"/>, or -1.</param>
/// <param name="output">Shows the command's output as it arrives.</param>
/// <param name="keyboard">Our own terminal if somebody types; otherwise null.</param>
/// <param name="recorder">Receives all output and size changes.</param>
/// <param name="panic">Takes the panic key out of what is typed; null when there is none.</param>
[SupportedOSPlatform("linux")]
internal sealed unsafe class Relay(
    PtyChild child,
    SignalPipe signals,
    int input,
    Stream output,
    Keyboard? keyboard,
    Recorder? recorder,
    PanicKey? panic = null
)
{
    private const int DrainGraceMilliseconds = 10;

    // The kernel buffers far less than this for one terminal; more must come from a grandchild.
    private const int MostDrained = 256 * 1024;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<byte> _typed = [];
    private bool _inputEnded,
        _outputClosed;
    private volatile int _exitCode = -1;

    /// <summary>Why output is no longer shown; null if it is shown or the reader has gone.</summary>
    public string? OutputFault { get; private set; }

    /// <summary>Runs until the command has ended and its output is shown.</summary>
    /// <returns>Its exit code.</returns>
    public int Run()
    {
        keyboard?.EnterRawMode();
        var waiter = new Thread(() =>
        {
            _exitCode = child.WaitForExitCode();
            signals.Wake();
        })
        {
            IsBackground = true,
        };
        waiter.Start();
        while (_exitCode < 0)
        {
            Step();
        }
        Drain();
        return _exitCode;
    }

    private void Step()
    {
        var descriptors = stackalloc PollDescriptor[3];
        descriptors[0] = new() { Descriptor = child.Master, Events = (short)(PollIn | (_typed.Count > 0 ? PollOut : 0)) };
        descriptors[1] = new() { Descriptor = _typed.Count == 0 && !_inputEnded ? input : -1, Events = PollIn };
        descriptors[2] = new() { Descriptor = signals.Descriptor, Events = PollIn };
        _ = Poll(descriptors, 3, panic?.Wait ?? -1);
        panic?.Release(_typed);
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
        if (descriptors[2].Returned != 0)
        {
            signals.Deliver(this.Act);
        }
    }

    /// <returns>Whether there was data.</returns>
    private bool Show()
    {
        var count = Read(child.Master);
        if (count <= 0)
        {
            return false;
        }
        recorder?.Add(_buffer.AsSpan(0, count));
        if (_outputClosed)
        {
            return true;
        }
        try
        {
            output.Write(_buffer, 0, count);
            output.Flush();
        }
        catch (IOException e)
        {
            // The command and its recording continue. If our reader has gone, the command gets SIGPIPE as it would without us.
            _outputClosed = true;
            if (BrokenPipe.IsCauseOf(e))
            {
                Send(Group, PipeSignal);
            }
            else
            {
                OutputFault = FileFault.Reason(e);
            }
        }
        return true;
    }

    /// <summary>The command has ended. A grandchild may hold the terminal, so there may be no end of file.</summary>
    private void Drain()
    {
        var waiting = new PollDescriptor { Descriptor = child.Master, Events = PollIn };
        for (
            var total = 0;
            total < MostDrained && child.Master >= 0 && Poll(&waiting, 1, DrainGraceMilliseconds) > 0;
            total += _buffer.Length / 16
        )
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
        var keys = _buffer.AsSpan(0, Math.Max(count, 0));
        if (panic is null)
        {
            _typed.AddRange(keys);
        }
        else
        {
            panic.Take(keys, _typed);
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
            }
        }
    }

    private void Act(PosixSignal signal)
    {
        switch (signal)
        {
            case PosixSignal.SIGWINCH:
                Resize();
                break;
            case PosixSignal.SIGCONT:
                // The shell reset the terminal while we were stopped.
                keyboard?.EnterRawMode();
                break;
            case PosixSignal.SIGINT or PosixSignal.SIGQUIT:
                // To the foreground group, as the terminal's own keys do.
                SendTo(Group, signal);
                break;
            default:
                SendTo(child.Process, signal);
                break;
        }
    }

    /// <summary>The foreground process group, or the command's own group, as a negative number.</summary>
    private int Group => GetForegroundGroup(child.Master) is > 1 and var front ? -front : -child.Process;

    private void SendTo(int process, PosixSignal signal) => Send(process, SignalNumbers.Of(signal));

    private void Send(int process, int signal)
    {
        if (_exitCode < 0 && process is not (0 or -1 or 1))
        {
            _ = LibcProcess.Send(process, signal);
        }
    }

    private void Resize()
    {
        var size = Keyboard.SizeOfTerminal();
        _ = LibcTerminal.Control(child.Master, SetWindowSize, &size);
        if (keyboard is null)
        {
            // The kernel signals only a controlling terminal's session.
            SendTo(Group, PosixSignal.SIGWINCH);
        }
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
