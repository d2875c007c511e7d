using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Damage.DamagedData;

namespace StoriesCli.Server.Tests.Features.Media;

public sealed class MediaCacheTests : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly DataDirectory _directory;
    private readonly MediaFolder _folder;

    public MediaCacheTests()
    {
        _directory = DataDirectory.Open(_data.New("data"));
        _folder = new(_directory);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void It_holds_no_more_bytes_than_it_may_and_lets_go_of_the_least_used_first()
    {
        var cache = new MediaCache(_folder, bytesMaximum: 3_000);
        string[] ids = [Write(1), Write(2), Write(3)];
        Keep(cache, ids[0], new byte[500]);
        Keep(cache, ids[1], new byte[500]);
        cache.Find(ids[0], null).Should().NotBeNull();

        Keep(cache, ids[2], new byte[500]);

        ids.Select(id => cache.Find(id, null) is not null).Should().Equal(true, false, true);
        cache.Bytes.Should().BeInRange(1_000, 3_000);
        for (var i = 0; i < 100; i++)
            Keep(cache, ids[0], null, name: $"{i}");
        cache.Bytes.Should().BeLessThanOrEqualTo(3_000, "an entry without bytes takes room too");
    }

    [Fact]
    public void What_was_written_since_is_no_longer_found()
    {
        var cache = new MediaCache(_folder);
        string[] ids = [Write(1), Write(2), Write(3)];
        Array.ForEach(ids, id => Keep(cache, id, new byte[500]));

        File.WriteAllBytes(_folder.PathOf(ids[0]), new byte[501]);
        File.SetLastWriteTimeUtc(_folder.PathOf(ids[1]), DateTime.UtcNow.AddMinutes(-1));
        File.Delete(_folder.PathOf(ids[2]));

        ids.Should().OnlyContain(id => cache.Find(id, null) == null);
    }

    [Fact]
    public void The_files_of_a_deleted_story_leave_it_also_when_they_were_read_meanwhile()
    {
        var cache = new MediaCache(_folder);
        string[] ids = [Write(1), Write(2)];
        Keep(cache, ids[0], new byte[500]);
        Keep(cache, ids[0], new byte[500], name: "p40.jpg");

        _folder.Delete(ids[0]);
        var stamp = FileStamp.Of(_folder.PathOf(ids[1]))!.Value;
        _folder.Delete(ids[1]);
        cache.Keep(ids[1], null, _folder.PathOf(ids[1]), stamp, new(new byte[500]));

        cache.Bytes.Should().Be(0);
    }

    [Fact]
    public async Task Media_and_posters_come_from_memory_for_as_long_as_their_story_may_be_seen()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        await host.JoinAsync("cy");
        var id = (await ana.PutAsync("/v1/stories?ttl=1h&audience=cy", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString()!;
        var cache = host.Services.GetRequiredService<MediaCache>();
        var first = await ana.GetAsync($"/v1/stories/{id}/media");
        var poster = await ana.GetAsync($"/v1/stories/{id}/poster?width=40");
        await ana.GetAsync($"/v1/stories/{id}/poster?width=40");
        cache.Find(id, null)!.Content.Should().Equal(first.Body);
        cache.Find(id, "p40.jpg")!.Content.Should().Equal(poster.Body);

        var again = await ana.GetAsync($"/v1/stories/{id}/media");
        (again.Header("ETag"), again.Header("Content-Type")).Should().Be((first.Header("ETag"), first.Header("Content-Type")));
        again.Body.Should().Equal(first.Body);
        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=5-9"))).Body.Should().Equal(first.Body[5..10]);
        (await ana.GetAsync($"/v1/stories/{id}/poster?width=40")).Header("ETag").Should().Be(poster.Header("ETag"));
        foreach (var what in new[] { "media", "poster?width=40" })
            (await bob.GetAsync($"/v1/stories/{id}/{what}")).Status.Should().Be(HttpStatusCode.NotFound);
        host.Clock.Advance(TimeSpan.FromHours(1));
        foreach (var what in new[] { "media", "poster?width=40" })
            (await ana.GetAsync($"/v1/stories/{id}/{what}")).Code.Should().Be("story_expired");
        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(30));
            return cache.Bytes == 0;
        });
    }

    [Fact]
    public async Task A_large_file_is_hashed_once_and_compared_each_time_it_is_sent()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories", Sound(3_000_000))).Json.GetProperty("id").GetString()!;
        var cache = host.Services.GetRequiredService<MediaCache>();
        var first = await ana.GetAsync($"/v1/stories/{id}/media");

        cache.Find(id, null).Should().Match<CachedFile>(it => it.Content == null && it.Checksum != default);
        (await ana.GetAsync($"/v1/stories/{id}/media")).Body.Should().Equal(first.Body);
        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", "bytes=2999990-"))).Body.Should().Equal(first.Body[2_999_990..]);

        Spoil(host, id, "changed");
        var whole = () => ana.GetAsync($"/v1/stories/{id}/media");
        await whole.Should().ThrowAsync<HttpRequestException>("its length and time are as before, its bytes are not");
        (await ana.GetAsync($"/v1/stories/{id}/media")).Code.Should().Be(Damaged);
    }

    private string Write(int number)
    {
        var id = $"01AAAAAAAAAAAAAAAAAAAAAA{number:00}";
        _directory.MakeMediaFolder(id);
        File.WriteAllBytes(_folder.PathOf(id), new byte[500]);
        return id;
    }

    private void Keep(MediaCache cache, string id, byte[]? content, string? name = null) =>
        cache.Keep(id, name, _folder.PathOf(id), FileStamp.Of(_folder.PathOf(id))!.Value, new(content, 1));
}
