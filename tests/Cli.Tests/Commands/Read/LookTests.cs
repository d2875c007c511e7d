using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Read;

public class LookTests
{
    [Fact]
    public async Task A_list_is_columns_parted_by_tabs_where_no_terminal_is()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var id = (await ana.RunAsync("post", "--text", "Hello", "--caption", "Tab\there")).Out.Trim();
        host.Clock.Advance(TimeSpan.FromHours(2));

        var ran = await ana.RunAsync("list");

        ran.Out.Should().Be($"{id}\ttext\tana\t2h\t22h\tTab here\n");
        ran.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task On_a_terminal_a_list_has_a_head_and_fits_the_width()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        await ana.RunAsync("post", "--text", "Hello", "--caption", string.Concat(Enumerable.Repeat("漢字", 40)));
        ana.HasTerminal = true;

        var lines = (await ana.RunAsync("list")).Lines;

        lines[0].Should().StartWith("\e[1mid").And.EndWith("caption\e[0m");
        lines[1].Should().MatchRegex("^\e\\[36m[0-9a-z]{26}\e\\[0m  text .*…$", "what the row is about is coloured, and nothing else");
        Columns.Measure(lines[1].Replace("\e[36m", "").Replace("\e[0m", "")).Should().BeLessThanOrEqualTo(80);
        ana.Environment["NO_COLOR"] = "1";
        (await ana.RunAsync("list")).Out.Should().NotContain("\e");
    }

    [Fact]
    public async Task Quiet_is_ids_alone_and_JSON_is_an_array()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Insert(0, (await ana.RunAsync("post", "--text", $"{i}", "--quiet")).Out.Trim());
        }

        (await ana.RunAsync("list", "--quiet")).Lines.Should().Equal(ids);
        (await ana.RunAsync("list", "--quiet", "--limit", "2")).Lines.Should().Equal(ids.Take(2));
        var stories = JsonSerializer.Deserialize((await ana.RunAsync("list", "--all", "--json")).Out, ContractsJson.Default.StoryArray)!;
        stories.Select(story => story.Id).Should().Equal(ids);
        (await ana.RunAsync("list", "--kind", "image", "--json")).Out.Should().Be("[]\n");
    }

    [Fact]
    public async Task Text_of_others_never_commands_the_terminal()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var bob = await Shell.SignInAsync(host, "bob");
        var id = (
            await ana.RunAsync("post", "--text", "\e[31mred\e[0m \e]0;title\a", "--caption", "a\u202eb\u009b2Jc", "--quiet")
        ).Out.Trim();
        bob.HasTerminal = true;
        bob.Environment["NO_COLOR"] = "1";

        foreach (var command in new[] { "list", "tray", $"show {id}", $"show {id} --json", "list --json" })
        {
            var ran = await bob.RunAsync(command.Split(' '));
            ran.ExitCode.Should().Be(0);
            ran.Out.Should().NotContainAny("\e", "\u202e", "\u009b", "\a");
        }
        var story = JsonSerializer.Deserialize((await bob.RunAsync("show", id, "--json")).Out, ContractsJson.Default.Story)!;
        story.Text.Should().StartWith("\e[31mred\e[0m", "JSON escapes what it may not show, and loses nothing");
    }

    [Fact]
    public async Task Showing_does_not_count_as_seen_and_shows_a_text_whole()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var bob = await Shell.SignInAsync(host, "bob");
        var text = string.Join('\n', Enumerable.Range(1, 2000).Select(line => $"line {line}"));
        var id = (await ana.RunWithInputAsync(text, "post", "-", "--quiet")).Out.Trim();

        var ran = await bob.RunAsync("show", id);

        ran.Out.Should()
            .Contain("author    ana (@ana)")
            .And.Contain("expires   2026-11-23 18:00:00 UTC, 24h left")
            .And.EndWith("line 2000\n");
        (await bob.RunAsync("list", "--unseen", "--quiet")).Out.Trim().Should().Be(id);
    }

    [Fact]
    public async Task A_card_is_drawn_on_a_terminal_with_colours_and_is_text_elsewhere()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var page = (
            await ana.RunAsync("post", ana.WriteFile("notes.md", "# Plan\n\n- *now* \e[31mred\e[0m\n"u8.ToArray()), "--quiet")
        ).Out.Trim();
        var diff = (await ana.RunAsync("post", ana.WriteFile("mend.diff", "@@ -1 +1 @@\n-old\n+new\n"u8.ToArray()), "--quiet")).Out.Trim();

        (await ana.RunAsync("show", page)).Out.Should().EndWith("\n\n# Plan\n\n- *now* red\n");
        ana.HasTerminal = true;
        (await ana.RunAsync("show", page))
            .Out.Should()
            .EndWith("\n\n\e[35;1;4mPlan\e[0m\n\n\e[35m• \e[0m\e[3mnow\e[0m \e[38;5;167mred\e[0m\n");
        (await ana.RunAsync("show", diff)).Out.Should().EndWith("@@ -1 +1 @@\e[0m\n\e[38;5;167m-old\e[0m\n\e[38;5;35m+new\e[0m\n");
        ana.Environment["NO_COLOR"] = "1";
        (await ana.RunAsync("show", page)).Out.Should().EndWith("# Plan\n\n- *now* red\n");
    }

    [Fact]
    public async Task A_picture_is_drawn_on_a_terminal_with_colours_unless_it_is_off()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var id = (await ana.RunAsync("post", ana.WriteFile("photo.jpg", await TestMedia.JpegAsync()), "--quiet")).Out.Trim();

        (await ana.RunAsync("show", id)).Out.Should().NotContain("▀");
        ana.HasTerminal = true;
        (await ana.RunAsync("show", id)).Out.Should().Contain("▀").And.Contain("\e[38;5;").And.Contain("\e[0m\nid        " + id);
        ana.Environment["COLORTERM"] = "truecolor";
        (await ana.RunAsync("show", id)).Out.Should().Contain("\e[38;2;");
        ana.Environment["STORIES_IMAGES"] = "off";
        (await ana.RunAsync("show", id)).Out.Should().NotContain("▀");
    }

    [Fact]
    public async Task The_tray_has_a_line_for_each_place()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var bob = await Shell.SignInAsync(host, "bob");
        await ana.RunAsync("post", "--text", "1");
        await ana.RunAsync("post", "--text", "2", "--slot", "build/main");

        (await bob.RunAsync("tray")).Lines.Should().BeEquivalentTo("ana\t\t1\t1\t0s\t24h\t", "ana\tbuild/main\t1\t1\t0s\t24h\t");
    }

    [Fact]
    public async Task What_is_gone_or_never_was_ends_with_3()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var id = (await ana.RunAsync("post", "--text", "x", "--ttl", "5m", "--quiet")).Out.Trim();
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        (await ana.RunAsync("show", id))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 3 && ran.Error.StartsWith("stories: The story has expired."));
        (await ana.RunAsync("get", id)).ExitCode.Should().Be(3);
        (await ana.RunAsync("show", "01kb3v8sxq7m2c4w9e5r1t0y6z")).ExitCode.Should().Be(3);
        (await ana.RunAsync("show", "nonsense")).ExitCode.Should().Be(3);
    }

    [Fact]
    public async Task What_was_said_under_a_story_that_has_expired_is_pointed_to()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var id = (await ana.RunAsync("post", "--text", "x", "--ttl", "5m", "--quiet")).Out.Trim();
        await ana.RunAsync("reply", id, "we keep it");
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        (await ana.RunAsync("show", id))
            .Should()
            .Match<Ran>(ran =>
                ran.ExitCode == 3
                && ran.Error.StartsWith(
                    $"Its thread is still readable (1): \"stories reply {id}\" lists it.\nstories: The story has expired."
                )
            );
        (await ana.RunAsync("reply", id)).Out.Should().Contain("we keep it");
        (await ana.RunAsync("show", id, "--json")).Error.Should().StartWith("{");
    }

    [Fact]
    public async Task What_a_slot_showed_before_is_listed_where_it_is_asked_for()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var first = (await ana.RunAsync("post", "--text", "1", "--slot", "build/main", "--quiet")).Out.Trim();
        var second = (await ana.RunAsync("post", "--text", "2", "--slot", "build/main", "--quiet")).Out.Trim();

        (await ana.RunAsync("list", "--slot", "build/main", "--quiet")).Lines.Should().Equal(second);
        (await ana.RunAsync("list", "--slot", "build/main", "--history", "--quiet")).Lines.Should().Equal(second, first);
    }
}
