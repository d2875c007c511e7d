using System.Text;
using System.Text.RegularExpressions;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>How many bytes of a leaf box a player reads. Bytes after them could be anything, and are zeroed.</summary>
internal static partial class IsoLeaves
{
    private const long Gone = -1;
    private const int MostGroups = 256,
        MostLanguageBytes = 64;

    /// <summary>Zeroes what no player reads of a box. A malformed box becomes free space.</summary>
    /// <param name="boxes">Boxes of the file.</param>
    /// <param name="box">A kept box. A box of a type that is not listed here stays as it is.</param>
    /// <param name="edits">Edits of the file.</param>
    public static void Clean(IsoBoxes boxes, IsoBox box, FileEdits edits)
    {
        var used = CountUsed(boxes, box);
        if (used == Gone)
        {
            IsoMetadata.Free(box, edits);
            return;
        }
        foreach (var (at, bytes) in Reserved(boxes, box))
            if (at + bytes <= box.Size)
                edits.Zero(box.Payload + at, box.Payload + at + bytes);
        var end = box.Payload + Math.Min(used, box.Size);
        if (box.Type == "elst" && box.HeaderBytes == 8 && box.End - end >= 8)
        {
            // Some players count edits by the length of the box and would take zeros for edits.
            edits.Overwrite(box.Offset, NumberOf(end - box.Offset));
            edits.Overwrite(end, [.. NumberOf(box.End - end), .. "free"u8]);
            end += 8;
        }
        edits.Zero(end, box.End);
    }

    private static byte[] NumberOf(long value)
    {
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
        return bytes;
    }

    /// <summary>Key that distinguishes boxes of one type where there may be several.</summary>
    public static string KeyOf(IsoBoxes boxes, IsoBox box) =>
        box.Type is "sgpd" or "sbgp" && box.Size >= 8 ? box.Type + boxes.File.FourCc(box.Payload + 4) : box.Type;

    private static long CountUsed(IsoBoxes boxes, IsoBox box)
    {
        var (file, at) = (boxes.File, box.Payload);
        long Table(int entryBytes) => box.Size < 8 ? box.Size : 8 + (long)file.U32(at + 4) * entryBytes;
        long ByVersion(long brief, long wide) => box.Size >= 4 && IsoTracks.Version(boxes, box) == 1 ? wide : brief;
        return box.Type switch
        {
            "mvhd" => ByVersion(100, 112),
            "tkhd" => ByVersion(84, 96),
            "mdhd" => ByVersion(24, 36),
            "vmhd" => 12,
            "smhd" => 8,
            "sthd" or "nmhd" => 4,
            "gmin" => 16,
            "text" => 36,
            "clef" or "prof" or "enof" => 12,
            "elst" => box.Size < 8 ? Gone : 8 + (file.U32(at + 4) * ByVersion(12, 20)),
            "stts" or "ctts" or "co64" => Table(8),
            "stss" or "stps" or "stco" => Table(4),
            "stsc" => Table(12),
            "stsz" => box.Size < 12 ? box.Size : 12 + (file.U32(at + 4) == 0 ? 4L * file.U32(at + 8) : 0),
            "stz2" => box.Size < 12 ? box.Size : 12 + (((long)file.U32(at + 8) * file.U8(at + 7)) + 7) / 8,
            "cslg" => ByVersion(24, 44),
            "sbgp" => CountGroups(boxes, box),
            "sgpd" => CountGroupKinds(boxes, box),
            "elng" => CountLanguage(file, box),
            "mehd" => ByVersion(8, 12),
            "trex" => 24,
            "mfhd" => 8,
            "tfdt" => ByVersion(8, 12),
            "tfhd" => box.Size < 8 ? box.Size : CountFragmentHeader(file.U32(at)),
            "trun" => box.Size < 8 ? box.Size : CountRun(file.U32(at), file.U32(at + 4)),
            _ => box.Size,
        };
    }

    // Reserved fields: 0 means unknown, or is what the standard requires. QuickTime stores its preview position here.
    private static (int At, int Bytes)[] Reserved(IsoBoxes boxes, IsoBox box)
    {
        var wide = box.Size >= 4 && IsoTracks.Version(boxes, box) == 1;
        return (box.Type, wide) switch
        {
            ("mvhd", false) => [(4, 8), (26, 10), (72, 24)],
            ("mvhd", true) => [(4, 16), (38, 10), (84, 24)],
            ("tkhd", false) => [(4, 8), (16, 4), (24, 8), (38, 2)],
            ("tkhd", true) => [(4, 16), (24, 4), (36, 8), (50, 2)],
            ("mdhd", false) => [(4, 8), (22, 2)],
            ("mdhd", true) => [(4, 16), (34, 2)],
            ("smhd", _) => [(6, 2)],
            _ => [],
        };
    }

    private static long CountGroups(IsoBoxes boxes, IsoBox box)
    {
        var start = box.Size >= 12 && IsoTracks.Version(boxes, box) == 1 ? 16 : 12;
        return box.Size < start || BytesOfGroup(boxes, box) == 0 ? Gone : start + (8L * boxes.File.U32(box.Payload + start - 4));
    }

    private static long CountGroupKinds(IsoBoxes boxes, IsoBox box)
    {
        if (box.Size < 12 || boxes.File.U8(box.Payload) > 1)
            return Gone;
        var bytes = BytesOfGroup(boxes, box);
        if (bytes == 0)
            return Gone;
        var hasLength = boxes.File.U8(box.Payload) == 1;
        var start = hasLength ? 16 : 12;
        if (box.Size < start || (hasLength && boxes.File.U32(box.Payload + 8) != bytes))
            return Gone;
        var count = boxes.File.U32(box.Payload + start - 4);
        return count <= MostGroups ? start + (count * bytes) : Gone;
    }

    /// <summary>Length of a group description; 0 for groups that no player needs, because they may describe anything.</summary>
    private static int BytesOfGroup(IsoBoxes boxes, IsoBox box) =>
        boxes.File.FourCc(box.Payload + 4) switch
        {
            "roll" or "prol" => 2,
            "rap " or "sync" or "tele" => 1,
            _ => 0,
        };

    private static long CountLanguage(FileBytes file, IsoBox box)
    {
        if (box.Size is < 6 or > MostLanguageBytes)
            return Gone;
        var text = file.Read(box.Payload + 4, (int)box.Size - 4);
        var end = text.IndexOf((byte)0);
        return end > 0 && IsLanguage(text[..end]) ? 4 + end + 1 : Gone;
    }

    private static long CountFragmentHeader(uint flags) =>
        8 + ((flags & 1) != 0 ? 8 : 0) + (4L * System.Numerics.BitOperations.PopCount(flags & 0x3A));

    private static long CountRun(uint flags, uint count) =>
        8 + (4L * System.Numerics.BitOperations.PopCount(flags & 5)) + (4L * count * System.Numerics.BitOperations.PopCount(flags & 0xF00));

    /// <summary>Whether the text is a language tag and no more: private-use subtags could contain anything.</summary>
    public static bool IsLanguage(ReadOnlySpan<byte> text) => text.Length <= 11 && Language().IsMatch(Encoding.Latin1.GetString(text));

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Language();
}
