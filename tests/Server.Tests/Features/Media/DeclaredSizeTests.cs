using System.Buffers.Binary;
using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Tests.Features.Media;

/// <summary>Every size and length that a file states is checked against the limits, wherever the file states it.</summary>
public sealed class DeclaredSizeTests(SampleMedia media) : IClassFixture<SampleMedia>
{
    [Fact]
    public void A_frame_that_is_larger_than_its_GIF_is_refused_with_its_own_size()
    {
        byte[] frame = [0x2C, 0, 0, 0, 0, 0x60, 0xEA, 0x60, 0xEA, 0, 2, 1, 0, 0];
        var path = media.Write([.. "GIF89a"u8, 10, 0, 10, 0, 0, 0, 0, .. frame, 0x3B]);

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaTooLargeException>().WithMessage("*60,000 × 60,000*50,000,000*");
    }

    [Fact]
    public async Task A_movie_header_that_says_less_than_its_tracks_is_no_way_around_the_limit()
    {
        var bytes = await SampleMedia.ReadAsync("video.mp4");
        for (int at = 0, found; (found = bytes.AsSpan(at).IndexOf("mdhd"u8)) >= 0; at += found + 4)
        {
            var times = bytes.AsSpan(at + found + 4);
            var scale = BinaryPrimitives.ReadUInt32BigEndian(times[12..]);
            BinaryPrimitives.WriteUInt32BigEndian(times[16..], scale * 70);
        }
        var path = media.Write(bytes);

        var inspecting = () => Inspecting.Inspect(path);

        inspecting.Should().Throw<MediaTooLargeException>().WithMessage("*70.0 s*60 s*");
    }
}
