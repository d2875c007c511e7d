using System.Buffers.Binary;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>One page of an Ogg file.</summary>
internal readonly record struct OggPage(
    long Offset,
    byte Flags,
    ulong Position,
    uint Serial,
    int HeaderBytes,
    int PayloadBytes,
    bool EndsPacket
)
{
    public const ulong NoPosition = ulong.MaxValue;

    public long Payload => Offset + HeaderBytes;
    public long End => Payload + PayloadBytes;
    public bool Begins => (Flags & 2) != 0;
    public bool Ends => (Flags & 4) != 0;
}

/// <summary>Ogg with Opus or Vorbis: pages, one stream after another.</summary>
internal static class Ogg
{
    private const int OpusRate = 48_000;

    private sealed record Sound(uint Serial, uint Rate, int Skip)
    {
        public ulong Last { get; set; }
        public double Seconds => Math.Max(0, (double)Last - Skip) / Rate;
    }

    public static MediaFacts Inspect(FileBytes file)
    {
        Sound? current = null;
        var (seconds, first, fresh) = (0.0, 0UL, false);
        foreach (var page in Walk(file))
        {
            if (page.Begins)
            {
                if (fresh)
                    throw new MediaRefusedException(
                        "The file is Ogg with more than one stream at once; Ogg is accepted with one Opus or Vorbis stream."
                    );
                seconds += current?.Seconds ?? 0;
                (current, fresh) = (ReadHead(file, page), true);
                continue;
            }
            fresh = false;
            if (page.Serial != current?.Serial)
                throw file.Broken($"the page at byte {page.Offset} belongs to no stream");
            if (page.Position != OggPage.NoPosition && page.Position <= long.MaxValue)
                current.Last = Math.Max(current.Last, page.Position);
            first++;
        }
        if (current is null || first == 0)
            throw file.Broken("there is no sound in it");
        seconds += current.Seconds;
        return new MediaFacts(StoryKinds.Audio, MediaTypes.Ogg, DurationMs: (long)Math.Min(seconds * 1000, 1e15));
    }

    /// <summary>The pages. Bytes after the last page of a stream are not part of it.</summary>
    public static IEnumerable<OggPage> Walk(FileBytes file)
    {
        var ended = false;
        for (long at = 0; at < file.Length; )
        {
            if (ended && !file.StartsWith(at, "OggS"u8))
                yield break;
            if (!file.StartsWith(at, "OggS\0"u8))
                throw file.Broken($"there is no page at byte {at}");
            var head = file.Read(at, 27);
            var (flags, position, serial) = (
                head[5],
                BinaryPrimitives.ReadUInt64LittleEndian(head[6..]),
                BinaryPrimitives.ReadUInt32LittleEndian(head[14..])
            );
            var segments = file.Read(at + 27, head[26]);
            var payload = 0;
            foreach (var lace in segments)
                payload += lace;
            var page = new OggPage(at, flags, position, serial, 27 + segments.Length, payload, segments.Length > 0 && segments[^1] < 255);
            if (page.End > file.Length)
                throw file.CutOff();
            yield return page;
            ended = page.Ends;
            at = page.End;
        }
    }

    private static Sound ReadHead(FileBytes file, OggPage page)
    {
        var head = file.Read(page.Payload, Math.Min(page.PayloadBytes, 30));
        if (head.StartsWith("OpusHead"u8) && head.Length >= 19)
            return new Sound(page.Serial, OpusRate, BinaryPrimitives.ReadUInt16LittleEndian(head[10..]));
        if (
            head.StartsWith("\u0001vorbis"u8)
            && head.Length == 30
            && BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) is > 0 and var rate
        )
            return new Sound(page.Serial, rate, 0);
        var name = head switch
        {
            [0x80, (byte)'t', (byte)'h', ..] => "Theora video",
            [0x7F, (byte)'F', (byte)'L', (byte)'A', (byte)'C', ..] => "FLAC",
            [(byte)'S', (byte)'p', (byte)'e', (byte)'e', (byte)'x', ..] => "Speex",
            _ => "an unknown codec",
        };
        throw new MediaRefusedException($"The file is Ogg with {name}; Ogg is accepted with Opus or Vorbis.");
    }
}
