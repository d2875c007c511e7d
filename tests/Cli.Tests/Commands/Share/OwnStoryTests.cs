using System.Text.Json;

namespace StoriesCli.Cli.Tests.Commands.Share;

/// <summary>What authors do with their stories once they are posted.</summary>
public sealed class OwnStoryTests : CommandTests
{
    private string _id = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _id = (await _ana.RunAsync("post", "--text", "Hello", "--caption", "One", "--tag", "a", "--quiet")).Out.Trim();
    }

    [Fact]
    public async Task An_edit_changes_what_it_names_and_prints_the_story()
    {
        var ran = await _ana.RunAsync("edit", _id, "--caption", "Two", "--no-tags", "--no-replies", "--json");

        using var story = JsonDocument.Parse(ran.Out);
        story.RootElement.GetProperty("caption").GetString().Should().Be("Two");
        story.RootElement.GetProperty("tags").GetArrayLength().Should().Be(0);
        story.RootElement.GetProperty("repliesOn").GetBoolean().Should().BeFalse();
        (await _bob.RunAsync("edit", _id, "--caption", "Mine")).ExitCode.Should().Be(4);
        (await _ana.RunAsync("edit", _id)).Should().Match<Ran>(it => it.ExitCode == 2 && it.Error.Contains("Nothing to change"));
        (await _ana.RunAsync("edit", _id, "--tag", "x", "--no-tags")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task A_lifetime_is_extended_from_now()
    {
        _host.Clock.Advance(TimeSpan.FromHours(1));

        (await _ana.RunAsync("extend", _id, "7d")).Out.Should().StartWith($"{_id}\ttext\tana\t1h\t7d\t");
        (await _ana.RunAsync("extend", _id, "--ttl", "6h")).Out.Should().Contain("\t6h\t");
        (await _ana.RunAsync("extend", _id)).Out.Should().Contain("\t24h\t");
        (await _ana.RunAsync("extend", _id, "99d")).ExitCode.Should().Be(5);
    }

    [Fact]
    public async Task A_kept_story_stays_in_its_highlight_until_it_is_kept_no_longer()
    {
        (await _ana.RunAsync("keep", _id, "--highlight", "releases")).ExitCode.Should().Be(0);
        _host.Clock.Advance(TimeSpan.FromHours(25));

        (await _bob.RunAsync("highlights", "@ana", "--quiet")).Out.Should().Be("releases\n");
        (await _bob.RunAsync("highlights", "ana", "releases", "--quiet")).Out.Trim().Should().Be(_id);
        (await _ana.RunAsync("highlights", "ana", "releases", "--order", _id, "--quiet")).Out.Trim().Should().Be(_id);
        (await _bob.RunAsync("highlights", "@ana", "releases", "--md")).Out.Should().StartWith("# releases\n\n- One — @ana, ");
        (await _bob.RunAsync("highlights", "@nobody")).ExitCode.Should().Be(3);
        (await _bob.RunAsync("highlights", "@ana", "../x")).ExitCode.Should().Be(3);

        (await _ana.RunAsync("unkeep", _id, "--json")).Out.Should().Be($$"""{"id":"{{_id}}"}""" + "\n");
        (await _bob.RunAsync("show", _id)).ExitCode.Should().Be(3);
    }

    [Fact]
    public async Task Viewers_are_told_to_the_author_alone()
    {
        using var api = _host.Client(_bob.Environment["STORIES_TOKEN"]);
        await api.Stories.MarkViewedAsync(_id);

        (await _ana.RunAsync("viewers", _id)).Out.Should().Be("bob\t0s ago\tbob\n");
        using var page = JsonDocument.Parse((await _ana.RunAsync("viewers", _id, "--json")).Out);
        page.RootElement.GetProperty("items")[0].GetProperty("person").GetProperty("handle").GetString().Should().Be("bob");
        page.RootElement.GetProperty("privateCount").GetInt32().Should().Be(0);
        (await _bob.RunAsync("viewers", _id)).ExitCode.Should().Be(4);
    }

    [Fact]
    public async Task A_receipt_is_there_once_the_story_is_gone()
    {
        (await _ana.RunAsync("receipt", _id))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 3 && ran.Error.Contains("Try again once the story has expired"));
        await _ana.RunAsync("rm", _id);

        (await _ana.RunAsync("receipt", _id)).Out.Should().StartWith($"{_id}\tdeleted\t2026-11-22 18:00:00 UTC\t");
    }

    [Fact]
    public async Task A_link_opens_without_a_token_and_can_be_scanned()
    {
        var ran = await _bob.RunAsync("link", _id, "--ttl", "1h", "--qr");

        using var anybody = new HttpClient();
        (await anybody.GetStringAsync(ran.Lines[0])).Should().Be("Hello");
        ran.Lines.Skip(1)
            .Should()
            .OnlyContain(line => line.All(c => c == '█' || c == '▀' || c == '▄' || c == ' '))
            .And.HaveCountGreaterThan(10);
        (await _bob.RunAsync("link", _id, "--quiet", "--qr")).Lines.Should().ContainSingle();
        (await _bob.RunAsync("link", _id, "--ttl", "soon")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task A_share_opens_in_a_browser_is_counted_and_is_taken_back()
    {
        var ran = await _ana.RunAsync("share", _id, "--ttl", "1h", "--qr");

        using var anybody = new HttpClient();
        (await anybody.GetStringAsync(ran.Lines[0])).Should().StartWith("<!doctype html>").And.Contain("Hello");
        ran.Lines.Skip(1)
            .Should()
            .OnlyContain(line => line.All(c => c == '█' || c == '▀' || c == '▄' || c == ' '))
            .And.HaveCountGreaterThan(10);
        var listed = (await _ana.RunAsync("share", "list")).Lines.Single().Split('\t');
        listed[1].Should().Be(_id);
        (await _ana.RunAsync("share", "rm", listed[0])).ExitCode.Should().Be(0);
        (await anybody.GetAsync(ran.Lines[0])).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        (await _ana.RunAsync("share", "list")).Lines.Should().BeEmpty();
        (await _ana.RunAsync("share", "rm", listed[0])).ExitCode.Should().Be(3);
        (await _bob.RunAsync("share", _id)).ExitCode.Should().Be(4);
        (await _ana.RunAsync("share", _id, "--quiet")).Should().Match<Ran>(made => made.Out.StartsWith("http") && made.Error.Length == 0);
        (await _ana.RunAsync("share", _id, "--ttl", "8d")).ExitCode.Should().Be(5);
        (await _ana.RunAsync("share", _id, "--ttl", "soon")).ExitCode.Should().Be(2);
        (await _ana.RunAsync("share")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task A_feed_is_read_by_its_address_alone_until_its_key_ends()
    {
        var address = (await _bob.RunAsync("feed", "create", "--name", "phone", "--author", "@ana", "--quiet")).Lines.Single();

        using var anybody = new HttpClient();
        (await anybody.GetStringAsync(address)).Should().Contain("<title type=\"text\">One</title>").And.Contain("Stories of ana");
        var listed = (await _bob.RunAsync("feed", "list")).Lines.Single().Split('\t');
        listed[3].Should().Be("phone");
        (await _bob.RunAsync("feed", "rm", listed[0])).ExitCode.Should().Be(0);
        (await anybody.GetAsync(address)).StatusCode.Should().Be(System.Net.HttpStatusCode.Forbidden);
        (await _bob.RunAsync("feed", "rm", listed[0])).ExitCode.Should().Be(3);
        (await _bob.RunAsync("feed", "create", "--author", "No One")).ExitCode.Should().Be(3);
        (await _bob.RunAsync("feed", "create", "--author", "zed"))
            .Should()
            .Match<Ran>(made => made.ExitCode == 3 && made.Error.Contains("no account \"zed\""));
        (await _bob.RunAsync("feed", "list")).Lines.Should().BeEmpty("a wrong name makes no key");
    }

    [Fact]
    public async Task People_reply_react_and_take_it_back()
    {
        var reply = (await _bob.RunAsync("reply", _id, "Looks", "good", "--quiet")).Out.Trim();
        (await _bob.RunWithInputAsync("from stdin\n", "reply", _id, "-")).ExitCode.Should().Be(0);
        using var story = JsonDocument.Parse((await _bob.RunAsync("react", _id, "🎉", "--json")).Out);
        story.RootElement.GetProperty("myReaction").GetString().Should().Be("🎉");

        (await _ana.RunAsync("reply", _id)).Lines.Select(line => line.Split('\t')[^1]).Should().Equal("Looks good", "from stdin");
        (await _ana.RunAsync("show", _id))
            .Out.Should()
            .Contain("reactions 🎉 1")
            .And.EndWith("\nbob (@bob), 0s ago\n  Looks good\n\nbob (@bob), 0s ago\n  from stdin\n");
        (await _bob.RunAsync("react", _id, "--none")).ExitCode.Should().Be(0);
        (await _bob.RunAsync("react", _id, "x")).ExitCode.Should().Be(5);
        (await _bob.RunAsync("react", _id)).ExitCode.Should().Be(2);
        (await _ana.RunAsync("reply", _id, "--delete", reply)).ExitCode.Should().Be(0);
        (await _ana.RunAsync("reply", _id)).Lines.Should().ContainSingle();
    }
}
