using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static StoriesCli.Posix.Libc;

namespace StoriesCli.Cli.Running;

/// <summary>Passes signals, which arrive on any thread, to the thread that polls descriptors.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class SignalPipe : IDisposable
{
    private const byte Nothing = 0;
    private readonly int _read,
        _write;
    private readonly PosixSignalRegistration[] _ofTerminal;

    public SignalPipe()
    {
        var ends = stackalloc int[2];
        Check(Pipe(ends, CloseOnExec | NonBlocking), "pipe2");
        (_read, _write) = (ends[0], ends[1]);
        _ofTerminal = [Watch(PosixSignal.SIGWINCH), Watch(PosixSignal.SIGCONT)];
    }

    /// <summary>Readable when a signal has arrived.</summary>
    public int Descriptor => _read;

    public void Wake() => Put(Nothing);

    public void Raise(PosixSignal signal) => Put((byte)-(int)signal);

    public void Deliver(Action<PosixSignal> act)
    {
        var arrived = stackalloc byte[64];
        var count = Read(_read, arrived, 64);
        for (var i = 0; i < count; i++)
        {
            if (arrived[i] != Nothing)
            {
                act((PosixSignal)(-arrived[i]));
            }
        }
    }

    public void Dispose()
    {
        foreach (var registration in _ofTerminal)
        {
            registration.Dispose();
        }
        Close(_write);
        Close(_read);
    }

    private PosixSignalRegistration Watch(PosixSignal signal) => PosixSignalRegistration.Create(signal, _ => Raise(signal));

    private void Put(byte what) => Write(_write, &what, 1);
}
