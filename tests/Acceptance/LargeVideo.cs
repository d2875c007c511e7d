using System.Globalization;

namespace StoriesCli.Acceptance;

internal static class LargeVideo
{
    public const long Bytes = 90 * 1024 * 1024;

    /// <summary>Noise, which no encoder makes small: a few seconds of it, again and again.</summary>
    public static async Task<string> MakeAsync(Person person, string folder)
    {
        var path = Path.Combine(folder, "noise.mp4");
        string[] quietly = ["-nostdin", "-v", "error"],
            once = [.. quietly, "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=4,noise=alls=100:allf=t"];
        (await person.RunAsync("ffmpeg", [.. once, "-c:v", "mpeg4", "-qscale:v", "1", "once.mp4"])).Succeeded();
        var size = Bytes.ToString(CultureInfo.InvariantCulture);
        (
            await person.RunAsync("ffmpeg", [.. quietly, "-stream_loop", "-1", "-i", "once.mp4", "-c", "copy", "-fs", size, path])
        ).Succeeded();
        return path;
    }
}
