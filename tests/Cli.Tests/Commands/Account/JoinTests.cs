using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Account;

/// <summary>Somebody was sent the link of an invite.</summary>
public class JoinTests
{
    [Fact]
    public async Task A_link_is_all_that_a_newcomer_needs()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var newcomer = new Shell { HasTerminal = true };

        var link = (await ana.RunAsync("invite", "create")).Out.Trim();
        var ran = await newcomer.RunWithInputAsync("bob\n", "join", link);

        link.Should().StartWith($"{ServerAddress.Origin(host.Url)}/join#sti_");
        ran.Error.Should().Contain("Your handle").And.Contain("as @bob").And.NotContain("sti_").And.NotContain("sty_");
        ran.ExitCode.Should().Be(0);
        (await newcomer.RunAsync("whoami", "--quiet")).Out.Should().Be("bob\n");
    }

    [Fact]
    public async Task Without_a_terminal_link_and_handle_are_given_and_the_link_may_come_on_stdin()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var script = new Shell();
        var link = (await ana.RunAsync("invite", "create", "--role", "bot")).Out;

        (await script.RunWithInputAsync(link, "join")).Should().Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("'--handle'"));
        (await script.RunWithInputAsync(link, "join", "--handle", "ci")).ExitCode.Should().Be(0);
        (await script.RunAsync("whoami", "--quiet")).Out.Should().Be("ci\n");
    }

    [Fact]
    public async Task A_handle_that_cannot_be_had_is_asked_for_again_three_times_at_most()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var newcomer = new Shell { HasTerminal = true };
        var link = (await ana.RunAsync("invite", "create")).Out.Trim();

        var refused = await newcomer.RunWithInputAsync("ana\nA B\nana\nbob\n", "join", link);
        refused.ExitCode.Should().Be(5);
        refused.Error.Should().Contain("\"ana\" is somebody's").And.Contain("A B");
        newcomer.ConfigFile.Load().Profiles.Should().BeEmpty();

        (await newcomer.RunWithInputAsync("ana\nbob\n", "join", link)).ExitCode.Should().Be(0);
        (await newcomer.RunAsync("whoami", "--quiet")).Out.Should().Be("bob\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://team.example")]
    [InlineData("sti_code")]
    public async Task What_is_pasted_and_is_no_link_joins_nothing(string pasted)
    {
        using var shell = new Shell { HasTerminal = true, TypedSecret = pasted };

        var ran = await shell.RunAsync("join");

        ran.ExitCode.Should().Be(2);
        ran.Error.Should().Contain("link").And.NotContain("sti_code");
    }

    [Fact]
    public async Task An_access_link_lets_somebody_back_in()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        await host.JoinAsync("bob");
        using var bob = new Shell { HasTerminal = true };

        var link = (await ana.RunAsync("admin", "accounts", "access", "bob")).Out.Trim();

        link.Should().StartWith($"{ServerAddress.Origin(host.Url)}/join#sta_");
        (await bob.RunWithInputAsync("bob\n", "join", link)).ExitCode.Should().Be(0);
        (await bob.RunAsync("whoami", "--quiet")).Out.Should().Be("bob\n");
    }

    [Fact]
    public async Task Quiet_prints_the_code_alone_and_json_has_both()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        (await ana.RunAsync("invite", "create", "--quiet")).Out.Should().MatchRegex("^sti_[0-9A-Za-z]{49}\n$");
        var made = System.Text.Json.JsonSerializer.Deserialize(
            (await ana.RunAsync("invite", "create", "--json")).Out,
            ContractsJson.Default.MadeInvite
        )!;
        made.Link.Should().Be($"{ServerAddress.Origin(host.Url)}/join#{made.Code}");
    }
}
