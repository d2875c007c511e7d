using System.Numerics;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>One element of a Matroska or WebM file. An element of unknown size ends with its parent.</summary>
internal readonly record struct EbmlElement(uint Id, long Offset, long Payload, long End, bool KnownSize)
{
    public long Size => End - Payload;
}

/// <summary>Walks elements. The number of visited elements is limited.</summary>
internal sealed class Ebml(FileBytes file)
{
    private const int Most = 2_000_000;

    private int _seen;

    public FileBytes File => file;

    public IEnumerable<EbmlElement> Children(EbmlElement parent) => In(parent.Payload, parent.End);

    public IEnumerable<EbmlElement> In(long at, long end)
    {
        while (at < end)
        {
            var element = ReadElement(at, end);
            yield return element;
            at = element.End;
        }
    }

    public EbmlElement ReadElement(long at, long end)
    {
        if (++_seen > Most)
            throw file.Broken($"it has more than {Most} elements");
        var first = file.U8(at);
        var idBytes = BitOperations.LeadingZeroCount((uint)first) - 23;
        if (idBytes > 4)
            throw file.Broken($"there is no element at byte {at}");
        uint id = 0;
        foreach (var b in file.Read(at, idBytes))
            id = id << 8 | b;

        var sizeAt = at + idBytes;
        first = file.U8(sizeAt);
        var sizeBytes = BitOperations.LeadingZeroCount((uint)first) - 23;
        if (sizeBytes > 8)
            throw file.Broken($"the element at byte {at} has no size");
        var ones = (1UL << (7 * sizeBytes)) - 1;
        ulong size = 0;
        foreach (var b in file.Read(sizeAt, sizeBytes))
            size = size << 8 | b;
        size &= ones;

        var payload = sizeAt + sizeBytes;
        if (payload > end)
            throw file.CutOff();
        if (size == ones)
            return new EbmlElement(id, at, payload, end, KnownSize: false);
        if (size > (ulong)(end - payload))
            throw file.CutOff();
        return new EbmlElement(id, at, payload, payload + (long)size, KnownSize: true);
    }

    /// <summary>Length in bytes of the track number at the beginning of a block.</summary>
    public int ReadTrackBytes(long at)
    {
        var bytes = BitOperations.LeadingZeroCount((uint)file.U8(at)) - 23;
        return bytes <= 8 ? bytes : throw file.Broken($"there is no block at byte {at}");
    }

    /// <summary>Track number at the beginning of a block.</summary>
    public ulong ReadTrackNumber(long at)
    {
        var bytes = ReadTrackBytes(at);
        ulong number = 0;
        foreach (var b in file.Read(at, bytes))
            number = number << 8 | b;
        return number & ((1UL << (7 * bytes)) - 1);
    }

    /// <summary>An unsigned integer of at most eight bytes; 0 when it is longer.</summary>
    public ulong Number(EbmlElement element)
    {
        if (element.Size > 8)
            return 0;
        ulong value = 0;
        foreach (var b in file.Read(element.Payload, (int)element.Size))
            value = value << 8 | b;
        return value;
    }

    /// <summary>A floating-point number of four or eight bytes; 0 when it is neither.</summary>
    public double Float(EbmlElement element) =>
        element.Size switch
        {
            4 => BitConverter.UInt32BitsToSingle(file.U32(element.Payload)),
            8 => BitConverter.UInt64BitsToDouble(file.U64(element.Payload)),
            _ => 0,
        };
}
