using StoriesCli.Posix;

namespace StoriesCli.Tui.Terminal;

/// <summary>Ends a wait in poll(2) from any thread.</summary>
internal sealed unsafe class WakePipe : IDisposable
{
    private readonly int _read,
        _write;
    private int _isWritten;

    public WakePipe()
    {
        var ends = stackalloc int[2];
        // macOS knows no pipe2.
        Libc.Check(OperatingSystem.IsLinux() ? Libc.Pipe(ends, Libc.CloseOnExec) : Libc.Pipe(ends), "pipe");
        (_read, _write) = (ends[0], ends[1]);
    }

    /// <summary>Readable once somebody called <see cref="Wake"/>.</summary>
    public int Descriptor => _read;

    public void Wake()
    {
        // One byte at most is in the pipe, so that no write ever waits.
        if (Interlocked.Exchange(ref _isWritten, 1) == 0)
        {
            byte one = 1;
            _ = Libc.Write(_write, &one, 1);
        }
    }

    /// <summary>Takes the wake-up, once <see cref="Descriptor"/> is readable. Work that was queued before the wake-up is visible then.</summary>
    public void Clear()
    {
        byte one;
        _ = Libc.Read(_read, &one, 1);
        Volatile.Write(ref _isWritten, 0);
    }

    public void Dispose()
    {
        Libc.Close(_read);
        Libc.Close(_write);
    }
}
