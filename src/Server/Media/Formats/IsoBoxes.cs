namespace StoriesCli.Server.Media.Formats;

/// <summary>One box of an MP4 or QuickTime file.</summary>
internal readonly record struct IsoBox(string Type, long Offset, int HeaderBytes, long End)
{
    public long Payload => Offset + HeaderBytes;
    public long Size => End - Payload;
}

/// <summary>Walks boxes; the number of all that are visited is bounded, however they are nested.</summary>
internal sealed class IsoBoxes(FileBytes file)
{
    private const int Most = 500_000;

    private int _seen;

    public FileBytes File => file;

    public IEnumerable<IsoBox> Top() => In(0, file.Length);

    public IEnumerable<IsoBox> Children(IsoBox parent, int skip = 0) => In(parent.Payload + skip, parent.End);

    public IsoBox? Find(IsoBox parent, string type)
    {
        foreach (var box in Children(parent))
            if (box.Type == type)
                return box;
        return null;
    }

    /// <exception cref="MediaRefusedException">The box is shorter than what shall be read from it.</exception>
    public void Need(IsoBox box, long bytes)
    {
        if (box.Size < bytes) throw file.Broken($"its box '{box.Type}' is too short");
    }

    // Fewer than eight bytes at the end are the zeros with which QuickTime ends some lists.
    private IEnumerable<IsoBox> In(long at, long end)
    {
        while (end - at >= 8)
        {
            if (++_seen > Most) throw file.Broken($"it has more than {Most} boxes");
            var box = ReadBox(at, end);
            yield return box;
            at = box.End;
        }
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
        if (size < (ulong)header) throw file.Broken($"the box at byte {at} has no size");
        if (size > (ulong)(end - at)) throw file.CutOff();
        return new IsoBox(type, at, header, at + (long)size);
    }
}
