using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Share;

public class RemoveTests
{
    [Fact]
    public async Task One_story_is_deleted_without_a_question()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        var id = await PostAsync(ana);

        (await ana.RunAsync("rm", id)).Out.Should().Be(id + "\n");

        (await ana.RunAsync("show", id)).Should().Match<Ran>(ran => ran.ExitCode == 3 && ran.Error.Contains("The story was deleted."));
    }

    [Fact]
    public async Task Several_need_a_yes()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        string[] ids = [await PostAsync(ana), await PostAsync(ana)];

        (await ana.RunAsync(["rm", .. ids]))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error == "stories: This would delete 2 stories. To confirm, add --yes.\n");
        ana.HasTerminal = true;
        (await ana.RunWithInputAsync("n\n", ["rm", .. ids]))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 1 && ran.Error == "Delete 2 stories? [y/N] ");
        (await ana.RunAsync("list", "--quiet")).Lines.Should().BeEquivalentTo(ids);

        (await ana.RunWithInputAsync("y\n", ["rm", .. ids])).Lines.Should().Equal(ids);
        (await ana.RunAsync("list", "--quiet")).Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task One_that_is_another_persons_does_not_keep_the_rest()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var bob = await Shell.SignInAsync(host, "bob");
        var theirs = await PostAsync(ana);
        var own = await PostAsync(bob);

        var ran = await bob.RunAsync("rm", "--yes", theirs, own);

        ran.ExitCode.Should().Be(4);
        ran.Lines.Should().Equal(own);
    }

    private static async Task<string> PostAsync(Shell shell) => (await shell.RunAsync("post", "--text", "x", "--quiet")).Out.Trim();
}
