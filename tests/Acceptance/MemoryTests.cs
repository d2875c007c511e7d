using System.Globalization;
using System.Security.Cryptography;
using Xunit.Abstractions;

namespace StoriesCli.Acceptance;

[Collection(HeavyLoad.Name)]
public sealed class MemoryTests(ITestOutputHelper output) : IDisposable
{
    private const long MiB = 1024 * 1024;
    private const long ServerGrowthMaximum = 50 * MiB,
        ClientMaximum = 30 * MiB;

    private readonly string _folder = Directory.CreateTempSubdirectory("stories-memory-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_large_video_goes_up_and_down_in_little_memory()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var video = await LargeVideo.MakeAsync(ana, _folder);
        (await ana.StoriesAsync("post", Published.Sample("video.mp4"))).Succeeded();
        var idle = server.ResidentBytes;

        var up = (await ana.StoriesAsync("post", video, "--quiet")).Succeeded();
        var id = up.Out.Trim();
        var down = (await ana.StoriesAsync("get", id, "-o", "copy.mp4")).Succeeded();

        var story = await ana.StoriesJsonAsync("show", id);
        var copy = Path.Combine(ana.Home, "copy.mp4");
        (await HashAsync(copy)).Should().Be(story.GetProperty("media").GetProperty("sha256").GetString());
        new FileInfo(copy).Length.Should().BeGreaterThan(LargeVideo.Bytes - (4 * MiB));
        output.WriteLine(
            $"measured: {new FileInfo(copy).Length / MiB} MiB up and down; server: idle {Show(idle)}, peak {Show(server.PeakBytes)}; post: peak {Show(up.PeakBytes)}; get: peak {Show(down.PeakBytes)}"
        );
        (server.PeakBytes - idle).Should().BeLessThan(ServerGrowthMaximum);
        idle.Should().BePositive();
        up.PeakBytes.Should().BeInRange(MiB, ClientMaximum);
        down.PeakBytes.Should().BeInRange(MiB, ClientMaximum);
    }

    private static async Task<string> HashAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    private static string Show(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / MiB:0.0} MiB");
}
