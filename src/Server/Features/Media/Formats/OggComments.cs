using System.Buffers.Binary;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Empties the comments of an Ogg stream. No page moves: spaces in the name of the writing program fill the gap.</summary>
internal static class OggComments
{
    private const int MostBytes = 4 * 1024 * 1024;

    public static void Find(FileBytes file, FileEdits edits)
    {
        // The comments are the packet after the first page of each stream. They may span many pages.
        var pages = new List<OggPage>();
        var reading = false;
        long end = 0;
        foreach (var page in Ogg.Walk(file))
        {
            end = page.End;
            if (page.Begins)
            {
                (reading, _) = (true, 0);
                pages.Clear();
                continue;
            }
            if (!reading)
                continue;
            pages.Add(page);
            if (pages.Sum(p => (long)p.PayloadBytes) > MostBytes)
                throw file.Broken($"its comments have more than {MostBytes} bytes");
            reading = !CoversFirstPacket(file, page);
            if (!reading)
                Empty(file, pages, edits);
        }
        edits.Cut(end);
    }

    private static bool CoversFirstPacket(FileBytes file, OggPage page) =>
        file.Read(page.Offset + 27, page.HeaderBytes - 27).ContainsAnyExcept((byte)255);

    private static void Empty(FileBytes file, List<OggPage> pages, FileEdits edits)
    {
        var payload = new MemoryStream();
        foreach (var page in pages)
            payload.Write(file.Read(page.Payload, page.PayloadBytes));
        var bytes = payload.GetBuffer().AsSpan(0, (int)payload.Length);
        if (!Empty(bytes[..PacketBytes(file, pages)]))
            throw file.Broken("its comments are not what they should be");
        var at = 0;
        foreach (var page in pages)
        {
            byte[] whole = [.. file.Read(page.Offset, page.HeaderBytes), .. bytes.Slice(at, page.PayloadBytes)];
            at += page.PayloadBytes;
            OggChecksum.Write(whole);
            edits.Overwrite(page.Offset, whole);
        }
    }

    /// <summary>Length of the first packet on these pages. The rest of the last page may be sound.</summary>
    private static int PacketBytes(FileBytes file, List<OggPage> pages)
    {
        var bytes = 0;
        foreach (var page in pages)
        foreach (var lace in file.Read(page.Offset + 27, page.HeaderBytes - 27))
        {
            bytes += lace;
            if (lace < 255)
                return bytes;
        }
        return bytes;
    }

    /// <summary>Leaves an empty list of comments in a packet of the same length: the name of the writing program becomes spaces, as many as fit.</summary>
    /// <returns>False when the packet does not hold comments.</returns>
    public static bool Empty(Span<byte> packet)
    {
        var isOpus = packet.StartsWith("OpusTags"u8);
        var head =
            isOpus ? 8
            : packet.StartsWith("\u0003vorbis"u8) ? 7
            : -1;
        if (head < 0)
            return false;
        var at = head;
        if (!Skip(packet, ref at) || packet.Length - at < 4)
            return false;
        var count = BinaryPrimitives.ReadUInt32LittleEndian(packet[at..]);
        at += 4;
        for (uint i = 0; i < count; i++)
            if (!Skip(packet, ref at))
                return false;
        // Vorbis ends its list with a mark; after the list of Opus anything may follow.
        if (isOpus)
            at = packet.Length;
        packet[(head + 4)..(at - 4)].Fill((byte)' ');
        packet[(at - 4)..at].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(packet[head..], (uint)(at - 4 - head - 4));
        return true;
    }

    private static bool Skip(ReadOnlySpan<byte> packet, ref int at)
    {
        if (packet.Length - at < 4)
            return false;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(packet[at..]);
        if (size > packet.Length - at - 4)
            return false;
        at += 4 + (int)size;
        return true;
    }
}
