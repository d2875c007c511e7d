using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

[Collection(HeavyLoad.Name)]
public sealed class CompareTests
{
    private const int Kills = 12,
        Posters = 3;
    private static readonly string[] Parts = ["after", "before", "difference"];

    [Fact]
    public async Task What_changed_between_two_pictures_is_known_to_the_pixel_and_survives_restart_and_restore()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await WritePicturesAsync(ana.Home);

        var byCurl = JsonDocument
            .Parse(
                (
                    await ana.CurlAsync(
                        "/v1/stories",
                        "-F",
                        "after=@after.png",
                        "-F",
                        "compare=true",
                        "-F",
                        "before=@before.jpg",
                        "-F",
                        "caption=by curl"
                    )
                )
                    .Succeeded()
                    .Out
            )
            .RootElement;
        var posted = await ana.StoriesJsonAsync("post", "--compare", "before.jpg", "after.png", "--caption", "by stories");

        foreach (var story in new[] { byCurl, posted })
        {
            story.GetProperty("compare").GetProperty("changedShare").GetDouble().Should().Be(0.05, "10,000 of 200,000 pixels changed");
        }
        var id = posted.GetProperty("id").GetString()!;
        (await ana.StoriesAsync("show", id)).Succeeded().Out.Should().Contain("5 % changed");
        var sums = await SumsAsync(ana, server, id);
        sums.Should().Equal(Sha256Of(posted, "after"), Sha256Of(posted, "before"), Sha256Of(posted, "difference"));
        (await TestMedia.PixelsAsync(await File.ReadAllBytesAsync(Path.Combine(ana.Home, "difference"))))
            .Count(pixel => pixel == 0xFF0080)
            .Should()
            .Be(10_000);

        await server.KillAsync();
        await server.RestartAsync();
        (await SumsAsync(ana, server, id)).Should().Equal(sums);
        (await ana.StoriesAtAsync(server.Url, "admin", "backup", "-o", "backup.tar")).Succeeded();
        var restored = Path.Combine(ana.Home, "restored");
        (await RealServer.RunAsync("verify", Path.Combine(ana.Home, "backup.tar"))).Succeeded();
        (await RealServer.RunAsync("restore", Path.Combine(ana.Home, "backup.tar"), "--data", restored)).Succeeded();
        Directory
            .EnumerateFiles(Path.Combine(restored, "media"), $"{id}*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))))
            .Should()
            .Equal(sums);
        (await ana.StoriesAtAsync(server.Url, "rm", id)).Succeeded();
        server.HasFilesOf(id).Should().BeFalse();
    }

    [Fact]
    public async Task Kills_during_posting_lose_none_of_the_three_files_and_leave_none_behind()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        await WritePicturesAsync(ana.Home);
        var (before, after) = (
            await File.ReadAllBytesAsync(Path.Combine(ana.Home, "before.jpg")),
            await File.ReadAllBytesAsync(Path.Combine(ana.Home, "after.png"))
        );
        var acknowledged = new ConcurrentDictionary<string, JsonElement>();

        for (var kill = 0; kill < Kills; kill++)
        {
            using var http = ana.Http();
            var wanted = acknowledged.Count + 1 + Random.Shared.Next(8);
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var posters = Task.WhenAll(Enumerable.Range(0, Posters).Select(_ => PostUntilKilledAsync()));
            await Task.WhenAny(enough.Task, posters).WaitAsync(TimeSpan.FromSeconds(60));
            await server.KillAsync();
            await posters;
            await server.RestartAsync();

            async Task PostUntilKilledAsync()
            {
                try
                {
                    while (true)
                    {
                        using var form = new MultipartFormDataContent
                        {
                            { new StringContent("true"), "compare" },
                            { new ByteArrayContent(before), "before", "b" },
                            { new ByteArrayContent(after), "after", "a" },
                        };
                        using var answer = await http.PostAsync("/v1/stories", form);
                        answer.StatusCode.Should().Be(HttpStatusCode.Created);
                        var story = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
                        acknowledged[story.GetProperty("id").GetString()!] = story;
                        if (acknowledged.Count >= wanted)
                        {
                            enough.TrySetResult();
                        }
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException) { }
            }
        }

        using var reader = ana.Http();
        foreach (var (id, story) in acknowledged)
        {
            foreach (var part in Parts)
            {
                Convert
                    .ToHexStringLower(SHA256.HashData(await reader.GetByteArrayAsync($"/v1/stories/{id}/media?part={part}")))
                    .Should()
                    .Be(Sha256Of(story, part));
            }
        }
        // Of posts that nobody was told of some are whole; of the others nothing is left after the first sweep.
        var stories = JsonDocument
            .Parse((await ana.StoriesAtAsync(server.Url, "list", "--all", "--json")).Succeeded().Out)
            .RootElement.EnumerateArray()
            .Select(story => story.GetProperty("id").GetString()!)
            .ToHashSet();
        stories.Should().Contain(acknowledged.Keys);
        await Eventually.TrueAsync(() => Files(server, "media").Count() == stories.Count * 3 && !Files(server, "tmp").Any());
        Files(server, "media").Select(file => file[..26]).Should().BeSubsetOf(stories);
    }

    /// <summary>400 × 500 pixels; 100 × 100 of them change. A JPEG before, so that its coding alone must not count.</summary>
    private static async Task WritePicturesAsync(string folder)
    {
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "before.jpg"),
            await TestMedia.PictureAsync(400, 500, (_, _) => 0xE0E0E0FF, "before.jpg", "-q:v", "2")
        );
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "after.png"),
            await TestMedia.PngAsync(400, 500, (x, y) => x is >= 50 and < 150 && y is >= 200 and < 300 ? 0x0060C0FF : 0xE0E0E0FF)
        );
    }

    private static async Task<string[]> SumsAsync(Person ana, RealServer server, string id)
    {
        foreach (var part in Parts)
        {
            (await ana.StoriesAtAsync(server.Url, "get", id, "--part", part, "-o", part, "--force")).Succeeded();
        }
        return [.. Parts.Select(part => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(ana.Home, part)))))];
    }

    private static string Sha256Of(JsonElement story, string part) =>
        (part == "after" ? story.GetProperty("media") : story.GetProperty("compare").GetProperty(part)).GetProperty("sha256").GetString()!;

    private static IEnumerable<string> Files(RealServer server, string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(server.DataPath, folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(file)!);
}
