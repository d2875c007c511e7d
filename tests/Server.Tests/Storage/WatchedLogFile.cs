using StoriesCli.Server.Storage.Engines.LiteDb;

namespace StoriesCli.Server.Tests.Storage;

public enum LogStep
{
    Write,
    SetLength,
    Flush,
}

/// <summary>Steps of a test's log files. A test can look before each step, or make it fail.</summary>
internal sealed class LogWatch
{
    /// <summary>Called before each step, on the thread that makes it. An exception becomes the disk's error.</summary>
    public Action<LogStep, WatchedLogFile>? Before { get; set; }

    /// <summary>Bytes of a page that reach the disk before its write fails.</summary>
    public int BytesBeforeFailure { get; set; }

    public LogFile Open(string path) => new WatchedLogFile(path, this);
}

internal sealed class WatchedLogFile(string path, LogWatch watch) : LogFile(path)
{
    /// <summary>Bytes that are certainly on disk.</summary>
    public long FlushedBytes { get; private set; }

    /// <summary>Whether the next step needs more space on disk.</summary>
    public bool Grows { get; private set; }

    public override void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        Grows = offset + bytes.Length > Length;
        try
        {
            watch.Before?.Invoke(LogStep.Write, this);
        }
        catch (IOException)
        {
            base.Write(bytes[..watch.BytesBeforeFailure], offset);
            throw;
        }
        base.Write(bytes, offset);
    }

    public override void SetLength(long bytes)
    {
        Grows = false;
        watch.Before?.Invoke(LogStep.SetLength, this);
        base.SetLength(bytes);
        FlushedBytes = Math.Min(FlushedBytes, bytes);
    }

    public override void FlushToDisk()
    {
        Grows = false;
        watch.Before?.Invoke(LogStep.Flush, this);
        base.FlushToDisk();
        FlushedBytes = Length;
    }
}
