using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Completion;

public class CompletionTests
{
    [Theory]
    [InlineData("stories li", "list", "link", "live")]
    [InlineData("stories token re", "revoke")]
    [InlineData("stories post --ca", "--caption")]
    [InlineData("stories completion ", "bash", "zsh", "fish")]
    [InlineData("stories post ")]
    [InlineData("stories run -- ma")]
    public async Task Commands_and_options_are_completed_without_a_server(string line, params string[] expected)
    {
        using var shell = new Shell();

        var ran = await shell.RunAsync("complete", "--", line);

        ran.ExitCode.Should().Be(0);
        ran.Error.Should().BeEmpty();
        ran.Lines.Select(found => found.Split('\t')[0]).Should().BeEquivalentTo(expected);
    }

    [Fact]
    public async Task Ids_and_handles_come_from_the_server_with_a_word_on_each()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var bob = await Shell.SignInAsync(host, "bob");
        var id = (
            await ana.RunAsync("post", "--text", "x", "--caption", "a\tb\e[31m", "--slot", "build/main", "--tag", "perf", "--quiet")
        ).Lines.Single();

        (await bob.RunAsync("complete", "--", "stories show ")).Out.Should().Be($"{id}\tana: a b\n");
        (await bob.RunAsync("complete", "--", $"stories get {id[..4]}")).Lines.Should().ContainSingle();
        (await bob.RunAsync("complete", "--", "stories show zz")).Out.Should().BeEmpty();
        (await bob.RunAsync("complete", "--", "stories list --author "))
            .Lines.Select(line => line.Split('\t')[0])
            .Should()
            .BeEquivalentTo("ana", "bob");
        (await bob.RunAsync("complete", "--", "stories play @"))
            .Lines.Select(line => line.Split('\t')[0])
            .Should()
            .BeEquivalentTo("@ana", "@bob");
        (await bob.RunAsync("complete", "--", "stories list --slot b")).Out.Should().StartWith("build/main");
        (await bob.RunAsync("complete", "--", "stories list --tag ")).Out.Should().StartWith("perf");
        (await bob.RunAsync("complete", "--", "stories token revoke "))
            .Lines.Should()
            .NotBeEmpty()
            .And.NotContain(line => line.StartsWith(id));
    }

    [Fact]
    public async Task A_polls_options_and_the_question_that_is_asked_are_offered_where_they_belong()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var id = (
            await ana.RunAsync("post", "--text", "x", "--poll", "Release?", "--option", "yes", "--option", "not yet", "--quiet")
        ).Lines.Single();
        var question = (await ana.RunAsync("question", "--ask", "What did you learn?", "--quiet")).Lines.Single();

        (await ana.RunAsync("complete", "--", $"stories vote {id} "))
            .Out.Should()
            .Be("2\tnot yet\nyes\t\n", "a shell would take the second one for two words");
        (await ana.RunAsync("complete", "--", $"stories vote {id} y")).Out.Should().Be("yes\t\n");
        (await ana.RunAsync("complete", "--", "stories vote ")).Out.Should().StartWith(id);
        (await ana.RunAsync("complete", "--", "stories post --text x --answers ")).Out.Should().Be($"{question}\tWhat did you learn?\n");
    }

    [Theory]
    [InlineData("stories react 01kb3v8sxq7m2c4w9e5r1t0y6z ", "🎉")]
    [InlineData("stories list --kind v", "video")]
    [InlineData("stories webhook create https://x --event story.p", "story.posted")]
    [InlineData("stories config set players.v", "players.video")]
    public async Task What_has_few_values_offers_them(string line, string value)
    {
        using var shell = new Shell();

        (await shell.RunAsync("complete", "--", line)).Lines.Select(found => found.TrimEnd()).Should().Contain(value);
    }

    [Fact]
    public async Task A_server_that_is_down_only_means_that_there_is_nothing_to_offer()
    {
        using var shell = new Shell { Environment = { ["STORIES_URL"] = "http://127.0.0.1:1", ["STORIES_TOKEN"] = "sty_x" } };

        (await shell.RunAsync("complete", "--", "stories show "))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 0 && ran.Out == "" && ran.Error == "");
    }
}
