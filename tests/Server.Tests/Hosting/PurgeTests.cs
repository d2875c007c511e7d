using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.HostCommands;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class PurgeTests
{
    private const string Unknown = "01aaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public async Task Nothing_is_found_where_stories_live_whether_the_server_runs_or_not()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        await ana.Stories.PostTextAsync(new NewStory { Text = TestMedia.LongText }, "1");
        var photo = await ana.Stories.PostAsync(
            new NewStory { Ttl = "5m" },
            MediaUpload.FromBytes(await TestMedia.JpegAsync()),
            "2",
            progress: null
        );
        var picture = MediaUpload.FromBytes(await TestMedia.JpegAsync());
        await ana.Stories.PostCompareAsync(new NewStory(), picture, picture, "3", progress: null);
        await ana.Webhooks.CreateAsync(new NewWebhook { Url = "https://1.1.1.1/hook", Events = [EventTypes.Expiring] });
        using var wire = host.Wire(await host.JoinAsync("bob"));
        await wire.GetAsync($"/v1/stories/{photo.Id}/poster?width=32");

        (await PurgeAsync(host)).Should().Be(0);
        (await AdminSocket.TryFindLeftOversAsync(host.DataPath, default)).Should().BeEmpty();
        await host.StopAsync();
        (await PurgeAsync(host)).Should().Be(0);
        await host.StartAgainAsync();
    }

    [Fact]
    public async Task What_no_row_accounts_for_is_listed_and_left_where_it_is()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var card = await ana.Stories.PostTextAsync(new NewStory { Text = "card" }, "1");
        for (var i = 1; i < UnknownMedia.ShareOfStories; i++)
        {
            await ana.Stories.PostTextAsync(new NewStory { Text = TestMedia.LongText }, $"more{i}");
        }
        var folder = (MediaFolder)host.Services.GetService(typeof(MediaFolder))!;
        var media = Path.GetDirectoryName(folder.PathOf(card.Id))!;
        var elsewhere = Directory.GetDirectories(Path.Combine(host.DataPath, "media")).First(path => path != media);
        var stale = Path.Combine(host.DataPath, "tmp", "stale");
        string[] left =
        [
            folder.PathOf(Unknown),
            folder.PathOfDerived(Unknown, "poster"),
            Path.Combine(elsewhere, card.Id),
            stale,
            Path.Combine(host.DataPath, "notes\u001b[2J.txt"),
            Path.Combine(host.DataPath, "stories.schema-1.db"),
        ];
        foreach (var path in left)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, "left");
        }
        File.SetLastWriteTimeUtc(stale, DateTime.UtcNow.AddHours(-1));
        await File.WriteAllTextAsync(Path.Combine(host.DataPath, "tmp", "under-way"), "half");

        var found = (await AdminSocket.TryFindLeftOversAsync(host.DataPath, default))!;

        found.Select(it => Path.Combine(host.DataPath, it.Path)).Should().BeEquivalentTo(left);
        found.Select(it => it.Kind).Should().BeEquivalentTo("media", "media", "misplaced", "temporary", "foreign", "copy");
        found.Should().OnlyContain(it => it.Bytes == 4);
        (await PurgeAsync(host)).Should().Be(1);
        await host.StopAsync();
        (await PurgeAsync(host)).Should().Be(1);
        left.Should().OnlyContain(path => File.Exists(path), "it only looks");
        File.Exists(Path.Combine(host.DataPath, "tmp", "under-way")).Should().BeTrue();
        await host.StartAgainAsync();
        await Eventually.TrueAsync(() => !File.Exists(left[0]));
    }

    [Fact]
    public async Task A_post_under_way_is_not_listed()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var gate = new SemaphoreSlim(0);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, "/v1/stories"))
        {
            Content = new HeldBackContent([.. await TestMedia.JpegAsync(), .. new byte[512 << 10]], () => gate.WaitAsync()),
        };
        request.Headers.Authorization = new("Bearer", token);
        var posting = http.SendAsync(request);
        await Eventually.TrueAsync(() => Directory.EnumerateFiles(Path.Combine(host.DataPath, "tmp")).Any());

        (await AdminSocket.TryFindLeftOversAsync(host.DataPath, default)).Should().BeEmpty();
        gate.Release();
        (await posting).StatusCode.Should().Be(System.Net.HttpStatusCode.Created);
    }

    [Fact]
    public async Task It_looks_only_and_only_where_a_server_was()
    {
        await using var host = await ServerHost.StartAsync();
        (await ServerCommand.RunAsync(["purge", "--data", host.DataPath], Program.Build)).Should().Be(2, "it must be told what to do");
        var empty = Directory.CreateTempSubdirectory("stories-test-").FullName;
        (await ServerCommand.RunAsync(["purge", "--dry-run", "--data", empty], Program.Build)).Should().Be(2);
        Directory.EnumerateFileSystemEntries(empty).Should().BeEmpty();
        Directory.Delete(empty);
    }

    private static Task<int> PurgeAsync(ServerHost host) =>
        ServerCommand.RunAsync(["purge", "--dry-run", "--data", host.DataPath], Program.Build);
}
