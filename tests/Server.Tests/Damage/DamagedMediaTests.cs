using System.Net;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.HostCommands;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Damage.DamagedData;

namespace StoriesCli.Server.Tests.Damage;

/// <summary>Files of stories that differ from what was posted.</summary>
public sealed class DamagedMediaTests
{
    private static readonly string LongCard = $$"""{ "text": "{{TestMedia.LongText}}" }""";

    public static TheoryData<string> Kinds => ["cut", "empty", "grown", "changed", "missing", "without folder"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_damaged_file_is_refused_by_every_way_in_and_the_others_are_served(string kind)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var anyone = host.Wire(null);
        var photo = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        string other;
        do
        {
            other = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        } while (Path.GetDirectoryName(PathOf(host, other)) == Path.GetDirectoryName(PathOf(host, photo)));
        var card = (await ana.PostJsonAsync("/v1/stories", LongCard)).Json.GetProperty("id").GetString()!;
        var link = new Uri((await ana.PostJsonAsync($"/v1/stories/{photo}/links", "{}")).Json.GetProperty("url").GetString()!).PathAndQuery;
        var page = new Uri((await ana.PostJsonAsync($"/v1/stories/{card}/share", "{}")).Json.GetProperty("url").GetString()!).PathAndQuery;
        (await ana.GetAsync($"/v1/stories/{photo}/poster?width=32")).Status.Should().Be(HttpStatusCode.OK);

        Spoil(host, photo, kind);
        Spoil(host, card, kind);

        var refused = await ana.GetAsync($"/v1/stories/{photo}/media");
        (refused.Status, refused.Code).Should().Be((HttpStatusCode.InternalServerError, Damaged));
        refused.Json.GetProperty("traceId").GetString().Should().NotBeNullOrEmpty();
        refused.Header("ETag").Should().BeNull();
        (await ana.GetAsync($"/v1/stories/{photo}/media", ("Range", "bytes=0-9"))).Code.Should().Be(Damaged);
        (await ana.SendAsync(HttpMethod.Head, $"/v1/stories/{photo}/media", null)).Status.Should().Be(HttpStatusCode.InternalServerError);
        (await anyone.GetAsync(link)).Code.Should().Be(Damaged);
        (await ana.GetAsync($"/v1/stories/{photo}/poster?width=32"))
            .Code.Should()
            .Be(Damaged, "a poster that was made before is none of what is there");
        (await ana.GetAsync($"/v1/stories/{photo}/poster?width=16")).Code.Should().Be(Damaged);
        (await ana.GetAsync($"/v1/stories/{card}/media")).Code.Should().Be(Damaged);
        (await anyone.GetAsync(page)).Code.Should().Be(Damaged);
        var forPeople = await anyone.GetAsync(page, ("Accept", "text/html"));
        (forPeople.Status, forPeople.Text)
            .Should()
            .Match<(HttpStatusCode Status, string Text)>(it =>
                it.Status == HttpStatusCode.InternalServerError && it.Text.Contains("damaged")
            );
        (await ana.GetAsync($"/v1/stories/{photo}")).Status.Should().Be(HttpStatusCode.OK, "its row is as it was");
        Directory
            .EnumerateFiles(host.DataPath, photo + "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != photo)
            .Should()
            .BeEmpty("what was made of it may be of the damaged bytes");
        (await ana.GetAsync($"/v1/stories/{other}/media")).Status.Should().Be(HttpStatusCode.OK);
        (await ana.GetAsync($"/v1/stories/{other}/poster?width=32")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Where_the_folders_of_media_are_gone_what_is_posted_has_its_place_all_the_same()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        foreach (var folder in Directory.GetDirectories(Path.Combine(host.DataPath, "media")))
        {
            Directory.Delete(folder);
        }

        var id = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;

        (await ana.GetAsync($"/v1/stories/{id}/media")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_large_file_that_was_changed_never_makes_a_whole_answer()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories", Sound(3_000_000))).Json.GetProperty("id").GetString()!;
        (await ana.GetAsync($"/v1/stories/{id}/media")).Body.Length.Should().BeGreaterThan(3_000_000);

        Spoil(host, id, "changed");

        var whole = () => ana.GetAsync($"/v1/stories/{id}/media");
        await whole.Should().ThrowAsync<HttpRequestException>("its end is sent only when the hash is right");
        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=10-19"))).Code.Should().Be(Damaged, "what was found is remembered");
    }

    [Fact]
    public async Task The_log_names_the_story_and_the_trace_of_the_refused_request()
    {
        var folder = Directory.CreateTempSubdirectory("stories-test-").FullName;
        string id,
            trace;
        await using (var host = await ServerHost.StartAsync(o => o with { LogFile = Path.Combine(folder, "server.log") }))
        {
            using var ana = host.Wire(await host.JoinAsync("ana"));
            id = (await ana.PostJsonAsync("/v1/stories", LongCard)).Json.GetProperty("id").GetString()!;
            Spoil(host, id, "changed");
            trace = (await ana.GetAsync($"/v1/stories/{id}/media")).Json.GetProperty("traceId").GetString()!;
        }

        var log = string.Concat(Directory.GetFiles(folder).Select(File.ReadAllText));
        log.Should().Contain(trace).And.Contain($"of story {id} is damaged");
        log.Should().NotContain("   at ", "nothing unexpected has happened");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Every_part_of_a_comparison_is_looked_at_by_itself()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var wire = host.Wire(await host.JoinAsync("bob"));
        var picture = MediaUpload.FromBytes(await TestMedia.JpegAsync());
        var id = (await ana.Stories.PostCompareAsync(new NewStory(), picture, picture, "1", progress: null)).Id;

        Spoil(host, id, "changed", StoryParts.Before);

        (await wire.GetAsync($"/v1/stories/{id}/media?part=before")).Code.Should().Be(Damaged);
        (await wire.GetAsync($"/v1/stories/{id}/poster?part=before&width=16")).Code.Should().Be(Damaged);
        (await wire.GetAsync($"/v1/stories/{id}/media?part=after")).Status.Should().Be(HttpStatusCode.OK);
        (await wire.GetAsync($"/v1/stories/{id}/media?part=difference")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_check_finds_a_changed_byte_by_itself_remembers_it_and_serves_the_file_again_once_it_is_whole()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories?ttl=7d", Sound(2_000_000))).Json.GetProperty("id").GetString()!;
        var good = await File.ReadAllBytesAsync(PathOf(host, id));
        Spoil(host, id, "changed");
        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=0-0")))
            .Status.Should()
            .Be(HttpStatusCode.PartialContent, "nobody knows of it yet");

        host.Clock.Advance(TimeSpan.FromHours(2));
        await Eventually.TrueAsync(() => Memory(host).Count == 1);

        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=0-0"))).Code.Should().Be(Damaged);
        await host.RestartAsync();
        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=0-0"))).Code.Should().Be(Damaged);
        await File.WriteAllBytesAsync(PathOf(host, id), good);
        File.SetLastWriteTimeUtc(PathOf(host, id), DateTime.UtcNow.AddMinutes(1));
        host.Clock.Advance(MediaCheck.Interval);
        await Eventually.TrueAsync(() => Memory(host).Count == 0);
        (await ana.GetAsync($"/v1/stories/{id}/media")).Body.Should().Equal(good);
    }

    [Fact]
    public async Task A_round_of_the_check_reads_no_faster_than_it_may_and_goes_on_after_a_stop()
    {
        await using var host = await ServerHost.StartAsync(o => o with { Media = o.Media with { AudioBytes = 64 << 20 } });
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await ana.PutAsync("/v1/stories?ttl=7d", Sound(32_000_000, marked: (byte)i))).Json.GetProperty("id").GetString()!);
        }
        // A round begins an hour after the previous one, and 30 s at 1 MiB per second are less than one of these files.
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        await Eventually.TrueAsync(() => Memory(host).State.RoundEnded is not null);
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.TrueAsync(() => Memory(host).State.After is not null);
        await host.StopAsync();
        await host.StartAgainAsync();
        Memory(host)
            .State.After.Should()
            .Be(ids.Order(StringComparer.Ordinal).First(), "the budget of that time is used up by one of them");

        for (var tick = 0; Memory(host).State.After is not null && tick < 10; tick++)
        {
            var before = Check(host).Files;
            host.Clock.Advance(TimeSpan.FromSeconds(60));
            await Eventually.TrueAsync(() => Check(host).Files > before || Memory(host).State.After is null);
        }
        Check(host).Files.Should().Be(2, "the first one was checked before the stop");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Purge_lists_damaged_files_whether_the_server_runs_or_not(bool isRunning)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", LongCard)).Json.GetProperty("id").GetString()!;
        (await ServerCommand.RunAsync(["purge", "--dry-run", "--data", host.DataPath], Program.Build)).Should().Be(0);
        Spoil(host, id, "changed");

        if (!isRunning)
        {
            await host.StopAsync();
        }
        else
        {
            (await AdminSocket.TryFindLeftOversAsync(host.DataPath, default)).Should().ContainSingle().Which.Kind.Should().Be("damaged");
            (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=0-0")))
                .Code.Should()
                .Be(Damaged, "what it found is remembered");
        }
        (await ServerCommand.RunAsync(["purge", "--dry-run", "--data", host.DataPath], Program.Build)).Should().Be(1);
    }
}
