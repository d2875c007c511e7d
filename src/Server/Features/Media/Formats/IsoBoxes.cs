namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>One box of an MP4 or QuickTime file.</summary>
internal readonly record struct IsoBox(string Type, long Offset, int HeaderBytes, long End)
{
    public long Payload => Offset + HeaderBytes;
    public long Size => End - Payload;
}

/// <summary>Walks boxes. The number of visited boxes is limited, at any nesting.</summary>
internal sealed class IsoBoxes(FileBytes file)
{
    private const int Most = 500_000;

    private int _seen;

    public FileBytes File => file;

    /// <summary>End of the file's last box, known once <see cref="Top"/> was read to its end. Bytes after it belong to no box.</summary>
    public long TopEnd { get; private set; }

    /// <summary>The top-level boxes of the file. Phones and editors append other bytes, so the file ends where no box follows its header and data.</summary>
    /// <param name="isStill">Whether it is a still image: it has another header, which can itself hold the data of a small image.</param>
    public IEnumerable<IsoBox> Top(bool isStill = false)
    {
        bool movie = false,
            data = isStill;
        long at = 0;
        while (file.Length - at >= 8)
        {
            if (movie && data && IsForeign(at))
                break;
            Count();
            var box = ReadBox(at, file.Length);
            movie |= box.Type == (isStill ? "meta" : "moov");
            data |= box.Type == "mdat" && box.Size > 0;
            yield return box;
            at = box.End;
        }
        TopEnd = at;
    }

    public IEnumerable<IsoBox> Children(IsoBox parent, int skip = 0) => In(parent.Payload + skip, parent.End);

    public IsoBox? Find(IsoBox parent, string type)
    {
        foreach (var box in Children(parent))
            if (box.Type == type)
                return box;
        return null;
    }

    /// <exception cref="MediaRefusedException">The box is shorter than what must be read from it.</exception>
    public void Need(IsoBox box, long bytes)
    {
        if (box.Size < bytes)
            throw file.Broken($"its box '{box.Type}' is too short");
    }

    // QuickTime ends some lists with zeros: fewer than eight bytes at the end are not a box.
    private IEnumerable<IsoBox> In(long at, long end)
    {
        while (end - at >= 8)
        {
            Count();
            var box = ReadBox(at, end);
            yield return box;
            at = box.End;
        }
    }

    private void Count()
    {
        if (++_seen > Most)
            throw file.Broken($"it has more than {Most} boxes");
    }

    /// <summary>Whether these bytes are not a box. A box with media data that extends beyond the file counts as a truncated box.</summary>
    private bool IsForeign(long at)
    {
        var type = file.FourCc(at + 4);
        if (type.Any(c => c is (< ' ' or > '~') and not '\u00a9'))
            return true;
        if (type is "moov" or "mdat" or "moof" or "meta")
            return false;
        ulong size = file.U32(at),
            header = 8;
        if (size == 0)
            return false;
        if (size == 1)
        {
            if (file.Length - at < 16)
                return true;
            (size, header) = (file.U64(at + 8), 16);
        }
        return size < header || size > (ulong)(file.Length - at);
    }

    private IsoBox ReadBox(long at, long end)
    {
        ulong size = file.U32(at);
        var type = file.FourCc(at + 4);
        var header = 8;
        if (size == 1 && end - at >= 16)
        {
            size = file.U64(at + 8);
            header = 16;
        }
        else if (size == 0 && end == file.Length)
            size = (ulong)(end - at);
        if (size < (ulong)header)
            throw file.Broken($"the box at byte {at} has no size");
        if (size > (ulong)(end - at))
            throw file.CutOff();
        return new IsoBox(type, at, header, at + (long)size);
    }
}
