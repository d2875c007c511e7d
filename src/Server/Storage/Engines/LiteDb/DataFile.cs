using StoriesCli.Contracts;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>A page of the data file differs from what was written.</summary>
internal sealed class DamagedPageException(string path, long page)
    : IOException($"Page {page} of '{path}' is not what was written there: the file is damaged.");

/// <summary>The data file as the engine sees it. Checks every page it reads against its checksum, and updates the checksum of every page it writes.</summary>
internal sealed class DataFile : Stream
{
    private const int PageBytes = PageFrame.PageBytes;

    private readonly FileStream _file;
    private readonly PageSums _sums;
    private readonly HashSet<long> _unchecked;
    private bool _changed;

    private DataFile(FileStream file, PageSums sums, bool hadSums, IEnumerable<long> inLog)
    {
        _file = file;
        _sums = sums;
        HadSums = hadSums;
        // If checksums exist, every server that opens this file knows them.
        SavesSums = hadSums;
        WasEmpty = Length == 0;
        _unchecked = [.. inLog];
    }

    /// <summary>Whether checksums existed when the file was opened.</summary>
    public bool HadSums { get; }

    /// <summary>Whether the file was empty when it was opened.</summary>
    public bool WasEmpty { get; }

    /// <summary>Whether checksums are saved. Not before the schema has them: an older server would make them wrong.</summary>
    public bool SavesSums { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => RandomAccess.GetLength(_file.SafeFileHandle);

    public override long Position { get; set; }

    /// <param name="directory">Directory of the data file, which is created if it is missing.</param>
    /// <param name="inLog">Pages with a newer version in the log: a crash may have left the file's version half written.</param>
    public static DataFile Open(DataDirectory directory, IEnumerable<long> inLog)
    {
        var file = PrivateFile.Open(directory.DatabaseFile, FileMode.OpenOrCreate, FileShare.ReadWrite);
        try
        {
            var path = directory.File(PageSums.FileName);
            var sums = PageSums.Find(path);
            var data = new DataFile(file, sums ?? PageSums.None(path), sums is not null, inLog);
            if (sums is null)
                data.Sum();
            return data;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Numbers of the damaged pages, in order.</summary>
    public IReadOnlyList<long> FindDamage()
    {
        var damaged = new List<long>();
        var page = new byte[PageBytes];
        var pages = Math.Max(_sums.Count, (Length + PageBytes - 1) / PageBytes);
        for (var i = 0L; i < pages; i++)
            if (!_unchecked.Contains(i) && (!ReadPage(i, page) || PageSums.Of(page) != _sums[i]))
                damaged.Add(i);
        return damaged;
    }

    public string Name => _file.Name;

    /// <summary>Number of pages, and how many of them hold nothing. LiteDB uses those again, but never returns them to the disk.</summary>
    public (long All, long Dead) CountPages()
    {
        var dead = 0L;
        for (var i = 0; i < _sums.Count; i++)
            if (_sums.TypeOf(i) == PageType.Empty)
                dead++;
        return (_sums.Count, dead);
    }

    public PageType TypeOf(long page) => _sums.TypeOf(page);

    /// <summary>Reads a page without checking it; false if the file ends before the page does.</summary>
    public bool ReadPage(long page, byte[] buffer) => Read(buffer.AsSpan(0, PageBytes), page * PageBytes) == PageBytes;

    /// <summary>Saves the present checksums and from now on all changes of them.</summary>
    public void StartSaving()
    {
        SavesSums = true;
        if (!HadSums || _changed)
            Save();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = Read(buffer.AsSpan(offset, count), Position);
        if (Position % PageBytes == 0 && read == PageBytes)
            Verify(Position / PageBytes, buffer.AsSpan(offset, read));
        Position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (Position % PageBytes != 0 || count % PageBytes != 0)
            throw new IOException($"The engine wrote {count} bytes at {Position} to its data file.");
        for (var end = offset + count; offset < end; offset += PageBytes, Position += PageBytes)
        {
            var page = buffer.AsSpan(offset, PageBytes);
            _changed = true;
            // Until the page is complete it matches neither checksum. The log still has it.
            _unchecked.Add(Position / PageBytes);
            Write(page, Position);
            _sums[Position / PageBytes] = PageSums.Of(page);
            _unchecked.Remove(Position / PageBytes);
        }
    }

    /// <summary>Pages first, then their checksums. The log, which has these pages too, is cut only after both.</summary>
    public override void Flush()
    {
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
        if (SavesSums && _changed)
            Save();
    }

    private void Write(ReadOnlySpan<byte> page, long offset)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, page, offset);
        }
        catch (Exception e) when (FileSizeSignal.IsCauseOf(e))
        {
            throw FileSizeSignal.Explain();
        }
    }

    public override void SetLength(long value)
    {
        RandomAccess.SetLength(_file.SafeFileHandle, value);
        _sums.Cut(value / PageBytes);
        _changed = true;
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
            _file.Dispose();
        base.Dispose(disposing);
    }

    private void Verify(long page, ReadOnlySpan<byte> bytes)
    {
        if (!_unchecked.Contains(page) && PageSums.Of(bytes) != _sums[page])
            throw new DamagedPageException(_file.Name, page);
    }

    private void Save()
    {
        _sums.Save();
        _changed = false;
    }

    private void Sum()
    {
        var page = new byte[PageBytes];
        for (var i = 0L; ReadPage(i, page); i++)
            _sums[i] = PageSums.Of(page);
    }

    private int Read(Span<byte> buffer, long at)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, buffer[total..], at + total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }
}
