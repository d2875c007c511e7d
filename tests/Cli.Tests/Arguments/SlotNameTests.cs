using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Arguments;

public sealed class SlotNameTests
{
    [Theory]
    [InlineData("build/main", "build/main")]
    [InlineData("a.b_c/d-1", "a.b_c/d-1")]
    [InlineData("feature/My Branch", "feature/my-branch-????????")]
    [InlineData("dependabot/npm_and_yarn/@types/node-20.1", "dependabot/npm_and_yarn/-types/node-20.1-????????")]
    [InlineData("ветка", "????????")]
    [InlineData("Fix: ümlaut!!", "fix-mlaut-????????")]
    public void A_branch_becomes_a_slot(string branch, string slot)
    {
        SlotName.Of(branch).Should().Match(slot).And.MatchRegex(Names.Slot.ToString());
        SlotName.Of(branch).Should().Be(SlotName.Of(branch), "each pipeline of a branch has the same");
    }

    [Fact]
    public void No_two_names_share_a_slot()
    {
        var longest = new string('a', 64);
        string[] names =
        [
            "Main",
            "main",
            "MAIN",
            "ma in",
            "ma-in",
            "ma  in",
            "ветка",
            "ветки",
            longest,
            longest + "b",
            longest + "c",
            "@types/x",
            "/types/x",
        ];

        names.Select(SlotName.Of).Should().OnlyHaveUniqueItems().And.OnlyContain(slot => Names.Slot.IsMatch(slot));
    }

    [Fact]
    public async Task A_job_on_any_branch_posts_says_what_the_slot_became_and_finds_it_again()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        var first = await ana.RunAsync("post", "--text", "1", "--slot", "build/feature/My Branch");
        var second = await ana.RunAsync("run", "--slot", "build/feature/My Branch", "--", "true");
        var listed = await ana.RunAsync("list", "--slot", "build/feature/My Branch");

        first.ExitCode.Should().Be(0);
        first
            .Error.Should()
            .Contain($"\"build/feature/My Branch\" is not a valid slot name; using \"{SlotName.Of("build/feature/My Branch")}\" instead.");
        second.ExitCode.Should().Be(0);
        listed.Lines.Should().ContainSingle("the newer has replaced the older").Which.Should().Contain("recording");
    }
}
