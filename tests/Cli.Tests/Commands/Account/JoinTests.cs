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

    [Fact]
    public async Task At_the_prompt_a_server_will_do_and_then_it_asks_for_the_code()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var newcomer = new Shell { HasTerminal = true };
        var link = (await ana.RunAsync("invite", "create")).Out.Trim();
        newcomer.TypedSecrets.Enqueue("team.example");
        newcomer.TypedSecrets.Enqueue(ServerAddress.Origin(host.Url));
        newcomer.TypedSecrets.Enqueue(link.Split('#')[1]);

        var ran = await newcomer.RunWithInputAsync("bob\n", "join");

        ran.ExitCode.Should().Be(0);
        ran.Error.Should().Contain("neither the link of an invite nor a server").And.Contain("Invite code:").And.Contain("as @bob");
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

    [Theory]
    [InlineData("sti_abc", "has 53 characters, and this has 7: it was cut")]
    [InlineData("abc", "begins with sti_ or sta_, and this does not")]
    [InlineData("sti_0123456789012345678901234567890123456789012345678!", "character 54 of this is another")]
    public async Task What_can_be_no_code_is_refused_before_any_server_is_asked(string code, string fault)
    {
        // Nothing listens there: a request would end with 6.
        const string Dead = "http://127.0.0.1:1";
        using var shell = new Shell();

        var typed = await shell.RunWithInputAsync(code, "join", Dead, "--handle", "ana", "--retry", "0");
        var linked = await shell.RunAsync("join", $"{Dead}/join#{code}", "--handle", "ana", "--retry", "0");

        foreach (var ran in new[] { typed, linked })
        {
            ran.ExitCode.Should().Be(2);
            ran.Error.Should().Contain(fault).And.NotContain(code);
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_with_the_number_of_tries()
    {
        using var shell = new Shell();

        var ran = await shell.RunWithInputAsync(
            $"sti_{new string('x', 49)}",
            "join",
            "http://127.0.0.1:1",
            "--handle",
            "ana",
            "--retry",
            "1"
        );

        ran.ExitCode.Should().Be(6);
        ran.Error.Should()
            .Contain("http://127.0.0.1:1: the connection was refused; try 2 of 2 in ")
            .And.EndWith("Nothing listens at http://127.0.0.1:1. Check the server URL, and that the server is running. Tried 2 times.\n");
    }

    [Fact]
    public async Task Quiet_prints_the_link_alone_and_json_has_both()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");

        var quiet = await ana.RunAsync("invite", "create", "--quiet");
        quiet.Error.Should().BeEmpty();
        quiet.Out.Should().MatchRegex($"^{ServerAddress.Origin(host.Url)}/join#sti_[0-9A-Za-z]{{49}}\n$");
        var made = System.Text.Json.JsonSerializer.Deserialize(
            (await ana.RunAsync("invite", "create", "--json")).Out,
            ContractsJson.Default.MadeInvite
        )!;
        made.Link.Should().Be($"{ServerAddress.Origin(host.Url)}/join#{made.Code}");
    }
}
