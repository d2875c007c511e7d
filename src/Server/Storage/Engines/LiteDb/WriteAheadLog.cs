using System.Security.Cryptography;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>
/// The log as the engine sees it: consecutive pages. On disk each page is in a <see cref="PageFrame"/>, so that a torn, missing or
/// old page ends the log instead of passing for a commit. <see cref="Flush"/> does nothing; only <see cref="Sync"/> waits for the disk.
/// </summary>
internal sealed class WriteAheadLog : Stream
{
    private static readonly TimeSpan WriterPatience = TimeSpan.FromSeconds(30);

    private readonly LogFile _file;
    private readonly SyncMark _mark;
    private readonly PageFrame _frame = new();
    private readonly Lock _writing = new();
    private readonly ManualResetEventSlim _progress = new();
    private long _frames;
    private long _syncedFrames;
    private long _confirmed;
    private ulong _salt;
    private Exception? _failure;

    private WriteAheadLog(LogFile file, SyncMark mark, LogRecovery opening)
    {
        _file = file;
        _mark = mark;
        Opening = opening;
        _frames = opening.Frames;
        _salt = opening.Salt ?? NewSalt();
    }

    public LogRecovery Opening { get; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => Volatile.Read(ref _frames) * PageFrame.PageBytes;

    public override long Position { get; set; }

    /// <summary>The first error of a write or flush. After it the log accepts no writes, and reading fails too.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Opens the log up to its first bad frame. Cuts off what follows, and keeps a copy if it may have been acknowledged.</summary>
    public static WriteAheadLog Open(LogFile file, SyncMark mark)
    {
        var log = new WriteAheadLog(file, mark, LogRecovery.Read(file, mark));
        if (log.Opening.LostFrames > 0)
            KeptDamage.Keep(file.Path);
        if (mark.AtOpening.Frames > 0)
            mark.Forget();
        if (log.Opening.CutBytes > 0)
            file.SetLength(log._frames * PageFrame.Bytes);
        log.WriteAgain();
        log._syncedFrames = log._frames;
        return log;
    }

    /// <summary>Whether a server that notes syncs ran here before.</summary>
    public bool HadNotes => _mark.WasThere;

    /// <summary>Whether syncs are noted. Not before the schema has notes: an older server would cut the log and leave them.</summary>
    public bool NotesSyncs { get; set; }

    /// <summary>Number of commits whose last page was written since the log was opened.</summary>
    public long ConfirmedCommits => Volatile.Read(ref _confirmed);

    /// <summary>The frame with the newest confirmed version of each page, by page number.</summary>
    public IReadOnlyDictionary<long, long> ConfirmedPages()
    {
        var confirmed = new Dictionary<long, long>();
        var open = new Dictionary<uint, List<(long Page, long Frame)>>();
        for (var i = 0L; i < _frames; i++)
        {
            _file.Read(_frame.Buffer, i * PageFrame.Bytes);
            var transaction = PageLayout.TransactionOf(_frame.Page);
            if (!open.TryGetValue(transaction, out var pages))
                open.Add(transaction, pages = []);
            pages.Add((PageLayout.IdOf(_frame.Page), i));
            if (!PageLayout.IsConfirmed(_frame.Page))
                continue;
            foreach (var (page, frame) in pages)
                confirmed[page] = frame;
            open.Remove(transaction);
        }
        return confirmed;
    }

    /// <summary>Reads the page of a frame.</summary>
    public void ReadPage(long frame, byte[] buffer)
    {
        Position = frame * PageFrame.PageBytes;
        ReadExactly(buffer, 0, PageFrame.PageBytes);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ThrowIfFailed();
        var total = 0;
        while (total < count && Position < Length)
        {
            var inPage = (int)(Position % PageFrame.PageBytes);
            var part = Math.Min(count - total, PageFrame.PageBytes - inPage);
            var place = Position / PageFrame.PageBytes * PageFrame.Bytes + PageFrame.HeaderBytes + inPage;
            var bytes = buffer.AsSpan(offset + total, part);
            if (_file.Read(bytes, place) != part)
                throw new IOException("The log is shorter than it was.");
            // The frame's note in this byte is not the engine's data.
            if (inPage <= PageLayout.SpareAt && inPage + part > PageLayout.SpareAt)
                bytes[PageLayout.SpareAt - inPage] = 0;
            total += part;
            Position += part;
        }
        return total;
    }

    /// <summary>Appends one page. Never throws: the engine may call it on its own thread, where an error would be lost.</summary>
    public override void Write(byte[] buffer, int offset, int count)
    {
        var index = Position / PageFrame.PageBytes;
        Position += count;
        try
        {
            if (Failure is not null)
                return;
            if (count != PageFrame.PageBytes || Position % PageFrame.PageBytes != 0 || index > _frames)
                throw new InvalidOperationException($"The engine wrote {count} bytes at page {index} of {_frames} to the log.");
            lock (_writing)
            {
                _frame.Fill(buffer.AsSpan(offset, count), _salt, index, followsSync: index == _syncedFrames);
                _file.Write(_frame.Buffer, index * PageFrame.Bytes);
                if (index == _frames)
                    Volatile.Write(ref _frames, index + 1);
                if (PageLayout.IsConfirmed(buffer.AsSpan(offset, count)))
                    Volatile.Write(ref _confirmed, _confirmed + 1);
            }
        }
        catch (Exception e)
        {
            Volatile.Write(ref _failure, e);
        }
        finally
        {
            _progress.Set();
        }
    }

    public override void Flush() { }

    /// <summary>Waits until the log is as long as the engine thinks, then until it is on disk.</summary>
    public void Sync(long engineLength)
    {
        while (Length < engineLength && Failure is null)
        {
            _progress.Reset();
            if (Length < engineLength && Failure is null && !_progress.Wait(WriterPatience))
                throw new IOException($"The engine did not write its log within {WriterPatience.TotalSeconds:0} seconds.");
        }
        ThrowIfFailed();
        var frames = Volatile.Read(ref _frames);
        Guard(_file.FlushToDisk);
        Volatile.Write(ref _syncedFrames, frames);
        if (NotesSyncs && frames > 0)
            _mark.Note(new(_salt, frames));
    }

    /// <summary>Cuts the log. An emptied log gets a new salt, so that old frames cannot pass for new ones.</summary>
    public override void SetLength(long value)
    {
        ThrowIfFailed();
        Guard(() =>
        {
            lock (_writing)
            {
                var frames = value / PageFrame.PageBytes;
                _mark.Forget();
                _file.SetLength(frames * PageFrame.Bytes);
                // Otherwise a crash could leave a part of the old log before the new one.
                _file.FlushToDisk();
                Volatile.Write(ref _frames, frames);
                Volatile.Write(ref _syncedFrames, frames);
                if (frames == 0)
                    _salt = NewSalt();
            }
        });
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => Length + offset,
        };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _mark.Dispose();
            _progress.Dispose();
        }
        base.Dispose(disposing);
    }

    private static ulong NewSalt() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    // After a failed flush the system considers unwritten pages written. Writing them again makes the next flush reliable.
    private void WriteAgain()
    {
        for (var i = 0L; i < _frames; i++)
        {
            if (_file.Read(_frame.Buffer, i * PageFrame.Bytes) != PageFrame.Bytes)
                throw new IOException("The log is shorter than it was.");
            _file.Write(_frame.Buffer, i * PageFrame.Bytes);
        }
        _file.FlushToDisk();
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            Volatile.Write(ref _failure, e);
            throw;
        }
    }

    private void ThrowIfFailed()
    {
        if (Failure is { } e)
            throw new IOException($"The log could not be written: {e.Message}", e);
    }
}
