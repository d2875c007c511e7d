using System.Buffers.Binary;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>MP3: its frames between the tags. All frames are counted, because a header that states their number may lie.</summary>
internal static class Mp3
{
    private const int HeaderBytes = 4,
        MostJunkBytes = 64 * 1024;

    private static readonly int[] Kilobits1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] Kilobits2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    /// <summary>Length in bytes, samples, sample rate, and the offset of a possible index.</summary>
    private readonly record struct Frame(int Bytes, int Samples, int Rate, int SideBytes);

    public static MediaFacts Inspect(FileBytes file)
    {
        double seconds = 0;
        var isFirst = true;
        foreach (var (at, frame) in Walk(file))
        {
            if (!isFirst || !HoldsIndex(file, at, frame))
                seconds += (double)frame.Samples / frame.Rate;
            isFirst = false;
        }
        return new MediaFacts(Contracts.StoryKinds.Audio, MediaTypes.Mp3, DurationMs: (long)(seconds * 1000));
    }

    /// <summary>Removes everything that is not a frame, wherever it is. Tags may contain images with their own metadata, positions and private data.</summary>
    public static void FindMetadata(FileBytes file, FileEdits edits)
    {
        long played = 0;
        foreach (var (at, frame) in Walk(file))
        {
            edits.Remove(played, at - played);
            played = at + frame.Bytes;
        }
        edits.Remove(played, file.Length - played);
    }

    private static IEnumerable<(long At, Frame Frame)> Walk(FileBytes file)
    {
        var (at, end) = FindSound(file);
        long frames = 0,
            junk = 0;
        while (at + HeaderBytes <= end)
        {
            if (ReadFrame(file.Read(at, HeaderBytes)) is not { } frame || at + frame.Bytes > end)
            {
                // Two consecutive frames distinguish sound from bytes that happen to look like a frame.
                if (frames < 2 || ++junk > MostJunkBytes)
                    break;
                at++;
                continue;
            }
            frames++;
            yield return (at, frame);
            at += frame.Bytes;
        }
        if (frames < 2)
            throw file.Broken("there are no frames of sound in it");
    }

    public static bool IsFrame(ReadOnlySpan<byte> bytes) => ReadFrame(bytes) is not null;

    private static (long Start, long End) FindSound(FileBytes file)
    {
        long start = 0,
            end = file.Length;
        while (file.StartsWith(start, "ID3"u8) && end - start >= 10)
        {
            var tag = file.Read(start, 10);
            var size = (tag[6] & 0x7F) << 21 | (tag[7] & 0x7F) << 14 | (tag[8] & 0x7F) << 7 | tag[9] & 0x7F;
            var footer = (tag[5] & 0x10) != 0 ? 10 : 0;
            start += 10 + size + footer;
            if (start > end)
                throw file.CutOff();
        }
        // Some writers leave zeros between the tag and the sound.
        for (var padding = 0; padding < MostJunkBytes && start < end && file.U8(start) == 0; padding++)
            start++;

        if (end - start >= 128 && file.StartsWith(end - 128, "TAG"u8))
            end -= 128;
        if (end - start >= 32 && file.StartsWith(end - 32, "APETAGEX"u8))
        {
            var footer = file.Read(end - 32, 32);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(footer[12..]) + (footer[23] >= 0x80 ? 32L : 0);
            if (size <= end - start)
                end -= size;
        }
        return (start, end);
    }

    private static Frame? ReadFrame(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderBytes || header[0] != 0xFF || (header[1] & 0xE0) != 0xE0)
            return null;
        int version = header[1] >> 3 & 3,
            layer = header[1] >> 1 & 3,
            bitrate = header[2] >> 4,
            rate = header[2] >> 2 & 3;
        if (version == 1 || layer != 1 || bitrate is 0 or 15 || rate == 3)
            return null;
        var first = version == 3;
        var hertz =
            (
                rate == 0 ? 44_100
                : rate == 1 ? 48_000
                : 32_000
            )
            >> (
                first ? 0
                : version == 2 ? 1
                : 2
            );
        var samples = first ? 1152 : 576;
        var bytes = samples / 8 * 1000 * (first ? Kilobits1 : Kilobits2)[bitrate] / hertz + (header[2] >> 1 & 1);
        var mono = header[3] >> 6 == 3;
        return new Frame(
            bytes,
            samples,
            hertz,
            first
                ? mono
                    ? 17
                    : 32
                : mono
                    ? 9
                    : 17
        );
    }

    /// <summary>Whether the first frame contains a table of contents instead of sound.</summary>
    private static bool HoldsIndex(FileBytes file, long at, Frame frame)
    {
        var name = at + HeaderBytes + frame.SideBytes;
        return file.StartsWith(name, "Xing"u8) || file.StartsWith(name, "Info"u8) || file.StartsWith(at + HeaderBytes + 32, "VBRI"u8);
    }
}
