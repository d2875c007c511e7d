using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Storage;

/// <summary>Data directories from servers of each released schema can always be opened.</summary>
/// <remarks>Create the fixture of a new schema with <c>STORIES_WRITE_FIXTURE=1</c>. Never recreate an existing one.</remarks>
public sealed class FixtureTests : IDisposable
{
    private static readonly DateTimeOffset Left = new(2026, 11, 22, 18, 10, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_directory_of_a_released_schema_is_opened_with_all_it_holds(int schema)
    {
        var data = Directory.CreateDirectory(_folder.New("opened")).FullName;
        await using (var archive = new GZipStream(File.OpenRead(FixturePath(schema)), CompressionMode.Decompress))
        {
            await TarFile.ExtractToDirectoryAsync(archive, data, overwriteFiles: false);
        }

        await CheckAsync(data);
    }

    [Fact]
    public async Task What_is_written_today_holds_the_same()
    {
        await using var host = await ServerHost.StartAsync();
        await FillAsync(host);
        var data = await LiveCopy.MakeAsync(host.DataPath, IsData);
        var wanted = FixturePath(Server.Storage.Migrations.Released.Newest);
        if (Environment.GetEnvironmentVariable("STORIES_WRITE_FIXTURE") == "1" && !File.Exists(wanted))
        {
            await using var archive = new GZipStream(File.Create(wanted), CompressionLevel.SmallestSize);
            await TarFile.CreateFromDirectoryAsync(data, archive, includeBaseDirectory: false);
        }

        File.Exists(wanted).Should().BeTrue("each schema has its fixture");
        await CheckAsync(data);
    }

    /// <summary>Makes a row of every kind, with values that a reader could confuse.</summary>
    private static async Task FillAsync(ServerHost host)
    {
        var token = await host.JoinAsync("ana");
        var ana = host.Wire(token);
        var bobs = await host.JoinAsync("bob");
        var bob = host.Wire(bobs);
        await ana.PostJsonAsync("/v1/invites", """{ "role": "member", "ttl": "30d" }""");
        await ana.SendAsync(HttpMethod.Put, "/v1/circles/friends", Json("""{ "members": ["bob"] }"""));
        var photo = (
            await ana.PutAsync("/v1/stories?ttl=30d&caption=Photo&tag=sea&slot=door&link=https://example.org/", await TestMedia.JpegAsync())
        )
            .Json.GetProperty("id")
            .GetString();
        await ana.PostJsonAsync(
            "/v1/stories",
            """{ "text": "for bob", "ttl": "30d", "audience": ["+friends"], "source": { "repository": "r", "status": "failed", "exitCode": 3 } }""",
            ("Idempotency-Key", "once")
        );
        var kept = (await ana.PostJsonAsync("/v1/stories", """{ "text": "kept", "ttl": "5m" }""")).Json.GetProperty("id").GetString();
        await ana.SendAsync(HttpMethod.Put, $"/v1/stories/{kept}/keep", Json("""{ "highlight": "best" }"""));
        var deleted = (await ana.PostJsonAsync("/v1/stories", """{ "text": "deleted" }""")).Json.GetProperty("id").GetString();
        await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{deleted}", null);
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{photo}/view", null);
        await host.StopAsync();
        await File.WriteAllLinesAsync(System.IO.Path.Combine(host.DataPath, "known.txt"), [token, bobs, deleted!]);
    }

    private static async Task CheckAsync(string data)
    {
        var known = await File.ReadAllLinesAsync(System.IO.Path.Combine(data, "known.txt"));
        await using var host = await ServerHost.OpenAsync(data, Left);
        using var ana = host.Wire(known[0]);
        using var bob = host.Wire(known[1]);

        (await ana.GetAsync("/v1/people"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .Select(p => $"{p.GetProperty("handle")} {p.GetProperty("role")}")
            .Should()
            .BeEquivalentTo("ana owner", "bob member");
        (await ana.GetAsync("/v1/invites")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
        (await ana.GetAsync("/v1/circles")).Json.GetProperty("items")[0].GetProperty("name").GetString().Should().Be("friends");
        (await ana.GetAsync("/v1/admin/audit")).Json.GetProperty("items").GetArrayLength().Should().BePositive();
        var stories = (await bob.GetAsync("/v1/stories"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .ToDictionary(s => $"{s.GetProperty("caption")}{s.GetProperty("text")}");
        stories.Keys.Should().BeEquivalentTo("Photo", "for bob");
        var photo = stories["Photo"];
        (
            photo.GetProperty("viewed").GetBoolean(),
            photo.GetProperty("slot").GetString(),
            photo.GetProperty("tags")[0].GetString(),
            photo.GetProperty("links")[0].GetString()
        )
            .Should()
            .Be((true, "door", "sea", "https://example.org/"));
        (await bob.GetAsync($"/v1/stories/{photo.GetProperty("id")}/media"))
            .Body.Should()
            .HaveCount(photo.GetProperty("media").GetProperty("bytes").GetInt32());
        var source = stories["for bob"].GetProperty("source");
        (source.GetProperty("repository").GetString(), source.GetProperty("status").GetString(), source.GetProperty("exitCode").GetInt32())
            .Should()
            .Be(("r", "failed", 3));
        (await bob.GetAsync("/v1/people/ana/highlights/best")).Text.Should().Contain("\"text\":\"kept\"");
        (await ana.GetAsync($"/v1/stories/{known[2]}")).Code.Should().Be("story_deleted");
        (await ana.GetAsync($"/v1/receipts/{known[2]}")).Json.GetProperty("reason").GetString().Should().Be("deleted");
        var again = await ana.PostJsonAsync(
            "/v1/stories",
            """{ "text": "for bob", "ttl": "30d", "audience": ["+friends"], "source": { "repository": "r", "status": "failed", "exitCode": 3 } }""",
            ("Idempotency-Key", "once")
        );
        var card = stories["for bob"].GetProperty("id").GetString();
        again.Json.GetProperty("id").GetString().Should().Be(card);
        (await bob.GetAsync($"/v1/stories/{card}/media")).Text.Should().Be("for bob");
        await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{card}", null);
        Directory.EnumerateFiles(data, card + "*", SearchOption.AllDirectories).Should().BeEmpty("older servers kept a file of each text");
        (await ana.GetAsync($"/v1/receipts/{card}")).Json.GetProperty("reason").GetString().Should().Be("deleted");
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static bool IsData(string path) =>
        System.IO.Path.GetFileName(path) is "stories.db" or "stories.log" or "stories.sums" or "link-key" or "known.txt"
        || path.Contains("/media/", StringComparison.Ordinal);

    internal static string FixturePath(int schema) => System.IO.Path.Combine(Here(), "fixtures", $"schema-{schema}.tar.gz");

    private static string Here([CallerFilePath] string file = "") => System.IO.Path.GetDirectoryName(file)!;
}
