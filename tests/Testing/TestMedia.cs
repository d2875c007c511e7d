using System.Diagnostics;

namespace StoriesCli.Testing;

/// <summary>Real media, made by ffmpeg once per run.</summary>
public static class TestMedia
{
    /// <summary>A text that is too long for its row, so that the story has a file.</summary>
    public static string LongText { get; } = new('x', StoriesCli.Contracts.Limits.TextPreviewCharacters + 1);

    private static readonly Lazy<Task<byte[]>> LazyJpeg = new(() =>
        MakeAsync("photo.jpg", "-f", "lavfi", "-i", "testsrc2=size=320x180", "-frames:v", "1")
    );
    private static readonly Lazy<Task<byte[]>> LazyMp4 = new(() =>
        MakeAsync("clip.mp4", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=2", "-pix_fmt", "yuv420p")
    );

    private static readonly Lazy<Task<byte[]>> LazyRedThenBlue = new(() =>
        MakeAsync(
            "colours.mp4",
            ["-f", "lavfi", "-i", "color=red:size=160x90:rate=10:duration=2,format=yuv420p"],
            ["-f", "lavfi", "-i", "color=blue:size=160x90:rate=10:duration=2,format=yuv420p"],
            ["-filter_complex", "[0][1]concat"]
        )
    );

    /// <summary>A photo of 320 × 180 pixels.</summary>
    public static Task<byte[]> JpegAsync() => LazyJpeg.Value;

    /// <summary>A video of two seconds, 160 × 90 pixels.</summary>
    public static Task<byte[]> Mp4Async() => LazyMp4.Value;

    /// <summary>A video that is red for two seconds, then blue for two, 160 × 90 pixels.</summary>
    public static Task<byte[]> RedThenBlueAsync() => LazyRedThenBlue.Value;

    /// <summary>A PNG of exactly these pixels.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="colour">Returns the colour of a pixel by column and row, 0xRRGGBBAA.</param>
    public static Task<byte[]> PngAsync(int width, int height, Func<int, int, uint> colour) =>
        PictureAsync(width, height, colour, "picture.png");

    /// <summary>The same in another format, given by the file name extension.</summary>
    public static async Task<byte[]> PictureAsync(int width, int height, Func<int, int, uint> colour, string name, params string[] options)
    {
        var raw = new byte[width * height * 4];
        for (var i = 0; i < width * height; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(raw.AsSpan(i * 4), colour(i % width, i / width));
        }
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, raw);
            return await MakeAsync(
                name,
                ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", $"{width}x{height}", "-i", file, .. options, "-frames:v", "1"]
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The pixels of an image, 0xRRGGBB, row by row.</summary>
    public static async Task<int[]> PixelsAsync(byte[] picture)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, picture);
            var raw = await MakeAsync("pixels.rgb", "-i", file, "-f", "rawvideo", "-pix_fmt", "rgb24");
            return [.. raw.Chunk(3).Select(p => (p[0] << 16) | (p[1] << 8) | p[2])];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task<byte[]> MakeAsync(string name, params string[][] arguments) =>
        MakeAsync(name, [.. arguments.SelectMany(some => some)]);

    private static async Task<byte[]> MakeAsync(string name, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("stories-media-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", .. arguments, path]))!;
            await ffmpeg.WaitForExitAsync();
            return ffmpeg.ExitCode == 0
                ? await File.ReadAllBytesAsync(path)
                : throw new InvalidOperationException($"ffmpeg ended with {ffmpeg.ExitCode}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
