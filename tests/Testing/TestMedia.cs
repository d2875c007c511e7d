using System.Diagnostics;

namespace StoriesCli.Testing;

/// <summary>Real media, made by ffmpeg once a run.</summary>
public static class TestMedia
{
    private static readonly Lazy<Task<byte[]>> LazyJpeg = new(() => MakeAsync("photo.jpg", "-f", "lavfi", "-i", "testsrc2=size=320x180", "-frames:v", "1"));
    private static readonly Lazy<Task<byte[]>> LazyMp4 = new(() => MakeAsync("clip.mp4", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=2", "-pix_fmt", "yuv420p"));

    /// <summary>A photo of 320×180 pixels.</summary>
    public static Task<byte[]> JpegAsync() => LazyJpeg.Value;

    /// <summary>A video of two seconds, 160×90 pixels.</summary>
    public static Task<byte[]> Mp4Async() => LazyMp4.Value;

    private static async Task<byte[]> MakeAsync(string name, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("stories-media-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", .. arguments, path]))!;
            await ffmpeg.WaitForExitAsync();
            return ffmpeg.ExitCode == 0 ? await File.ReadAllBytesAsync(path) : throw new InvalidOperationException($"ffmpeg ended with {ffmpeg.ExitCode}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
