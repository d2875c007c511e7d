using System.Buffers.Binary;
using System.IO.Hashing;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Storage.Engines.LiteDb;

/// <summary>
/// One checksum for each page of the data file, in a file beside it: 56 bits of hash and the page's type. LiteDB does not verify what it
/// reads, so these checksums find a changed, swapped, old or missing page before the engine trusts it. See docs/decisions/0190.
/// </summary>
internal sealed class PageSums
{
    public const string FileName = "stories.sums";

    private const ulong Magic = 0x31534D5553525453UL;
    private const int HeaderBytes = 16;
    private const ulong TypeMask = 0xFF;

    private readonly List<ulong> _sums = [];
    private readonly string _path;

    private PageSums(string path) => _path = path;

    public int Count => _sums.Count;

    /// <summary>Reads the checksums; null when there are none, or when both copies in the file are damaged.</summary>
    public static PageSums? Find(string path)
    {
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        // Older servers wrote one copy.
        return Parse(path, bytes.AsSpan(0, bytes.Length / 2)) ?? Parse(path, bytes.AsSpan(bytes.Length / 2)) ?? Parse(path, bytes);
    }

    private static PageSums? Parse(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + sizeof(ulong) || bytes.Length % sizeof(ulong) != 0 || Read(bytes, 0) != Magic)
            return null;
        var end = bytes.Length - sizeof(ulong);
        if (Read(bytes, sizeof(ulong)) != (ulong)(end - HeaderBytes) / sizeof(ulong))
            return null;
        if (Read(bytes, end) != XxHash3.HashToUInt64(bytes[..end]))
            return null;
        var sums = new PageSums(path);
        for (var at = HeaderBytes; at < end; at += sizeof(ulong))
            sums._sums.Add(Read(bytes, at));
        return sums;
    }

    public static PageSums None(string path) => new(path);

    /// <summary>The checksum of a page: 0 for a page of zeros, which the file system leaves where nothing was written.</summary>
    public static ulong Of(ReadOnlySpan<byte> page) =>
        page.ContainsAnyExcept((byte)0) ? (XxHash3.HashToUInt64(page) & ~TypeMask) | page[PageLayout.TypeAt] : 0;

    /// <summary>The type of a page when it was written.</summary>
    public PageType TypeOf(long page) => (PageType)(this[page] & TypeMask);

    public ulong this[long page]
    {
        get => page < _sums.Count ? _sums[(int)page] : 0;
        set
        {
            while (_sums.Count <= page)
                _sums.Add(0);
            _sums[(int)page] = value;
        }
    }

    /// <summary>Removes the checksums from this page on.</summary>
    public void Cut(long pages)
    {
        if (pages < _sums.Count)
            _sums.RemoveRange((int)pages, _sums.Count - (int)pages);
    }

    /// <summary>Writes the checksums to disk in place of the previous ones.</summary>
    public void Save()
    {
        var bytes = new byte[HeaderBytes + (_sums.Count + 1) * sizeof(ulong)];
        Write(bytes, 0, Magic);
        Write(bytes, sizeof(ulong), (ulong)_sums.Count);
        for (var i = 0; i < _sums.Count; i++)
            Write(bytes, HeaderBytes + i * sizeof(ulong), _sums[i]);
        var end = bytes.Length - sizeof(ulong);
        Write(bytes, end, XxHash3.HashToUInt64(bytes.AsSpan(0, end)));
        // Two copies: one changed byte among the checksums must not leave the data file unchecked.
        bytes = [.. bytes, .. bytes];
        try
        {
            AtomicFile.WriteAllBytes(_path, bytes);
        }
        catch (IOException) when (File.Exists(_path))
        {
            // A full disk has no space for a second file, yet the log must be emptied there. A crash in the middle costs one full check.
            using var file = PrivateFile.Open(_path, FileMode.OpenOrCreate, FileShare.None);
            file.SetLength(bytes.Length);
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
    }

    private static ulong Read(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static void Write(byte[] bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);
}
