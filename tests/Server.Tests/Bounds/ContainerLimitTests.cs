using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using StoriesCli.Server.Tests.Features.Media;

namespace StoriesCli.Server.Tests.Bounds;

public sealed class ContainerLimitTests
{
    private static readonly TimeSpan ContainerPatience = TimeSpan.FromSeconds(10);

    /// <summary>Tables that name the same bytes in many pieces, in an order that makes every entry a seek.</summary>
    [Theory]
    [InlineData(1_000_000, 0)]
    [InlineData(1_000_000, 1)]
    [InlineData(190_000, 0)]
    public void The_sample_tables_of_a_hostile_video_cost_little_time_and_memory(int chunks, uint each)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("stories-bounds-").FullName, "hostile.mp4");
        try
        {
            File.WriteAllBytes(path, HostileVideo(chunks, each));
            var clock = Stopwatch.StartNew();
            var before = GC.GetAllocatedBytesForCurrentThread();

            try
            {
                Inspecting.RemoveMetadata(path);
                chunks.Should().BeLessThan(200_000, "more parts are refused");
            }
            catch (StoriesCli.Server.Features.Media.MediaRefusedException e)
            {
                e.Message.Should().Contain("more than 200,000 parts");
            }

            clock.Elapsed.Should().BeLessThan(ContainerPatience);
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 * 1024 * 1024);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static byte[] HostileVideo(int chunks, uint each)
    {
        var sizes = new byte[12 + (each == 0 ? 4 * chunks : 0)];
        BinaryPrimitives.WriteUInt32BigEndian(sizes.AsSpan(4), each);
        BinaryPrimitives.WriteInt32BigEndian(sizes.AsSpan(8), chunks);
        for (var at = 12; at < sizes.Length; at += 4)
            sizes[at + 3] = 1;
        var offsets = new byte[8 + 4 * chunks];
        BinaryPrimitives.WriteInt32BigEndian(offsets.AsSpan(4), chunks);
        // Alternates between both ends of the data, with a byte between chunks, so that no two touch.
        for (var i = 0; i < chunks; i++)
            BinaryPrimitives.WriteInt32BigEndian(offsets.AsSpan(8 + 4 * i), 40 + 2 * (i % 2 == 0 ? i : 2 * chunks - i));
        byte[] runs = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
        var table = Box("stbl", Box("stsc", runs), Box("stsz", sizes), Box("stco", offsets));
        var track = Box(
            "trak",
            Box("tkhd", new byte[84]),
            Box("mdia", Box("mdhd", new byte[24]), Box("hdlr", [0, 0, 0, 0, 0, 0, 0, 0, .. "vide"u8, .. new byte[13]]), Box("minf", table))
        );
        // The image size is at the end of the track's header.
        var header = track.AsSpan().IndexOf("tkhd"u8) + 4;
        track[header + 77] = track[header + 81] = 64;
        var file = new List<byte>();
        file.AddRange(Box("ftyp", [.. "isom"u8, 0, 0, 0, 0]));
        file.AddRange(Box("mdat", new byte[4 * chunks + 64]));
        file.AddRange(Box("moov", Box("mvhd", new byte[100]), track));
        return [.. file];
    }

    private static byte[] Box(string type, params byte[][] parts)
    {
        var box = new byte[8 + parts.Sum(part => part.Length)];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.ASCII.GetBytes(type).CopyTo(box, 4);
        var at = 8;
        foreach (var part in parts)
        {
            part.CopyTo(box, at);
            at += part.Length;
        }
        return box;
    }
}
