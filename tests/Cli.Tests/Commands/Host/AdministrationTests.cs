using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Host;

public sealed class AdministrationTests : CommandTests
{
    [Fact]
    public async Task Accounts_are_listed_changed_disabled_and_deleted()
    {
        (await _ana.RunAsync("admin", "accounts", "--quiet")).Lines.Should().Equal("ana", "bob");
        (await _ana.RunAsync("admin", "accounts", "bob", "--role", "admin")).Out.Should().StartWith("bob\tadmin\tactive\t");
        (await _ana.RunAsync("admin", "accounts", "@bob", "--disable", "--json")).Out.Should().Contain("\"disabled\":true");
        (await _bob.RunAsync("list")).ExitCode.Should().Be(4);
        (await _ana.RunAsync("admin", "accounts", "bob", "--delete")).ExitCode.Should().Be(2);
        (await _ana.RunAsync("admin", "accounts", "bob", "--delete", "--yes")).ExitCode.Should().Be(0);
        (await _ana.RunAsync("admin", "accounts", "bob")).ExitCode.Should().Be(3);
        (await _ana.RunAsync("admin", "accounts", "ana", "--role", "member")).ExitCode.Should().Be(5, "a server needs an owner");
        (await _ana.RunAsync("admin", "accounts", "--disable")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task Usage_and_audit_are_for_admins()
    {
        await _bob.RunAsync("post", "--text", "Hello");

        (await _ana.RunAsync("admin", "usage")).Lines[0].Should().StartWith("bob\t1\t5\t");
        (await _ana.RunAsync("admin", "usage")).Error.Should().Contain("Total: 1 story,");
        using var usage = JsonDocument.Parse((await _ana.RunAsync("admin", "usage", "--json")).Out);
        usage.RootElement.GetProperty("bytes").GetInt64().Should().Be(5);
        (await _ana.RunAsync("admin", "audit", "--limit", "1")).Lines.Should().ContainSingle().Which.Should().Contain("account.joined");
        (await _bob.RunAsync("admin", "usage")).ExitCode.Should().Be(4);
    }

    [Fact]
    public async Task A_backup_is_saved_whole()
    {
        var path = Path.Combine(_ana.Home, "all.tar");

        (await _ana.RunAsync("admin", "backup", "-o", path)).Out.Should().Be(path + "\n");

        File.ReadAllBytes(path).AsSpan(257, 5).ToArray().Should().Equal("ustar"u8.ToArray());
        (await _ana.RunAsync("admin", "backup", "-o", path)).ExitCode.Should().Be(5);
        (await _ana.RunAsync("admin", "backup", "-o", "-")).OutBytes.Length.Should().BeGreaterThan(1024);
        (await _bob.RunAsync("admin", "backup", "-o", path, "--force")).ExitCode.Should().Be(4);
        File.GetUnixFileMode(path)
            .Should()
            .Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, "it holds what is for a few, and hashes of tokens");
        File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);
        (await _ana.RunAsync("admin", "backup", "-o", path, "--force")).ExitCode.Should().Be(0);
        File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_ana.Home, "*.part").Should().BeEmpty();
    }

    [Theory]
    [InlineData("an error page of a proxy")]
    [InlineData("")]
    [InlineData("tar")]
    public async Task A_backup_that_is_no_whole_archive_replaces_nothing(string body)
    {
        if (body == "tar")
        {
            // Whole blocks, and the manifest is missing: what a proxy makes of a connection that broke.
            using var archive = new MemoryStream();
            using (var tar = new TarWriter(archive, leaveOpen: true))
            {
                tar.WriteEntry(
                    new PaxTarEntry(TarEntryType.RegularFile, "stories.db") { DataStream = new MemoryStream("rows"u8.ToArray()) }
                );
            }
            body = Encoding.ASCII.GetString(archive.ToArray());
        }
        await using var proxy = new FixedServer(200, "application/x-tar", body);
        var path = _ana.WriteFile("stories.tar", "yesterday's");
        _ana.Environment["STORIES_URL"] = proxy.Url;

        var run = await _ana.RunAsync("admin", "backup", "-o", path, "--force");

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("archive is incomplete");
        (await File.ReadAllTextAsync(path)).Should().Be("yesterday's");
        Directory.GetFiles(_ana.Home, ".*.part").Should().BeEmpty();
        (await _ana.RunAsync("admin", "backup", "-o", "-")).ExitCode.Should().Be(1);
    }

    [Fact]
    public async Task A_backup_names_what_is_damaged_on_the_server()
    {
        var id = (await _ana.RunAsync("post", "--text", TestMedia.LongText, "--quiet")).Out.Trim();
        var media = Directory.EnumerateFiles(_host.DataPath, id, SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(media, "Jello");

        var run = await _ana.RunAsync("admin", "backup", "-o", Path.Combine(_ana.Home, "all.tar"));

        run.ExitCode.Should().Be(0, "the archive is as good as it can be");
        run.Error.Should().Contain(id);
        var get = await _ana.RunAsync("get", id, "-o", Path.Combine(_ana.Home, "card"));
        get.ExitCode.Should().Be(1);
        get.Error.Should().Contain("damaged").And.Contain("traceId").And.Contain("host");
        Directory.EnumerateFiles(_ana.Home, "*card*").Should().BeEmpty();
    }

    [Fact]
    public async Task Webhooks_are_made_listed_and_ended_and_their_secret_is_printed_once()
    {
        var made = await _ana.RunAsync("webhook", "create", "https://1.1.1.1/hook", "--event", "story.expiring");
        var id = (await _ana.RunAsync("webhook", "list", "--quiet")).Lines.Single();

        made.Out.Should().MatchRegex("^whsec_[A-Za-z0-9+/=]{44}\n$");
        made.Error.Should().Contain(id);
        (await _ana.RunAsync("webhook", "list")).Out.Should().Be($"{id}\tactive\t0\tana\tstory.expiring\thttps://1.1.1.1/hook\n");
        (await _ana.RunAsync("webhook", "list", "--json")).Out.Should().NotContain("whsec").And.NotContain("secret");
        (await _ana.RunAsync("webhook", "deliveries", id, "--json")).Out.Should().Be("[]\n");
        (await _ana.RunAsync("complete", "--", "stories webhook rm ")).Out.Should().StartWith(id);
        (await _ana.RunAsync("webhook", "create", "http://127.0.0.1/hook"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("127.0.0.1"));
        (await _ana.RunAsync("webhook", "create", "https://1.1.1.1/", "--event", "tea"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("tea"));
        (await _ana.RunAsync("webhook", "create")).ExitCode.Should().Be(2);
        (await _bob.RunAsync("webhook", "list")).ExitCode.Should().Be(4);
        (await _ana.RunAsync("webhook", "rm", id)).Out.Should().Be(id + "\n");
        (await _ana.RunAsync("webhook", "rm", id)).ExitCode.Should().Be(3);
        (await _ana.RunAsync("webhook", "deliveries", id)).ExitCode.Should().Be(3);
    }

    [Fact]
    public async Task An_attempt_that_failed_says_why_and_when_it_is_made_again()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        (await ana.RunAsync("webhook", "create", "http://127.0.0.1:1/hook", "--event", "story.posted", "--quiet"))
            .Out.Should()
            .StartWith("whsec_");
        var id = (await ana.RunAsync("webhook", "list", "--quiet")).Lines.Single();

        await ana.RunAsync("post", "--text", "Hello");

        Ran listed = null!;
        await Eventually.TrueAsync(async () => (listed = await ana.RunAsync("webhook", "deliveries", id)).Lines.Length > 0);
        listed.Lines.Single().Should().MatchRegex("^[0-9a-z]{26}\tstory\\.posted\t0s\t1\t0 ms\tin [56]s\tthe connection was refused$");
    }

    [Fact]
    public async Task Circles_are_made_used_and_ended()
    {
        (await _ana.RunAsync("circle", "set", "+parser", "@bob")).Out.Should().Be("parser\tbob\n");
        (await _ana.RunAsync("post", "--text", "x", "--to", "+parser"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 0 && !ran.Error.Contains("Nobody else"));
        await _ana.RunAsync("circle", "set", "me-only", "ana");
        (await _ana.RunAsync("post", "--text", "x", "--to", "+me-only", "--to", "@ana"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 0 && ran.Error.EndsWith("Nobody else can see it: you are the only one in +me-only, ana.\n"));
        (await _ana.RunAsync("run", "--to", "+me-only", "--", "true"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 0 && ran.Error.EndsWith("Nobody else can see it: you are the only one in +me-only.\n"));
        (await _ana.RunAsync("post", "--text", "x", "--to", "+me-only", "--to", "bob")).Error.Should().NotContain("Nobody else");
        await _ana.RunAsync("circle", "rm", "me-only");
        (await _ana.RunAsync("circle", "list", "--json")).Out.Should().Be("[{\"name\":\"parser\",\"members\":[\"bob\"]}]\n");
        (await _ana.RunAsync("circle", "set", "parser", "nobody")).ExitCode.Should().Be(5);
        (await _ana.RunAsync("circle", "rm", "parser")).ExitCode.Should().Be(0);
        (await _ana.RunAsync("circle", "rm", "parser")).ExitCode.Should().Be(3);
    }
}
