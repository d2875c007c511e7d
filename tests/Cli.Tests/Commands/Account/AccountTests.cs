using StoriesCli.Client.Api;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Account;

public class AccountTests
{
    [Fact]
    public async Task The_first_one_joins_with_the_servers_own_invite()
    {
        await using var host = await ServerHost.StartAsync();
        using var shell = new Shell();
        var code = await File.ReadAllTextAsync(Path.Combine(host.DataPath, "owner-invite"));

        var ran = await shell.RunWithInputAsync(code, "join", host.Url.ToString(), "--handle", "ana", "--name", "Ana");

        ran.Out.Should().Be($"ana\tAna\towner\t{ServerAddress.Origin(host.Url)}\n");
        ran.Error.Should()
            .StartWith($"Signed in to {ServerAddress.Origin(host.Url)} as @ana; saved as profile \"default\"")
            .And.NotContain("sty_");
        shell.ConfigFile.Load().FindProfile("default")!.Token.Should().StartWith("sty_");
        (await shell.RunAsync("whoami", "--quiet")).Out.Should().Be("ana\n");
    }

    [Fact]
    public async Task On_a_terminal_the_code_is_typed_without_echo()
    {
        await using var host = await ServerHost.StartAsync();
        using var shell = new Shell
        {
            HasTerminal = true,
            TypedSecret = await File.ReadAllTextAsync(Path.Combine(host.DataPath, "owner-invite")),
        };

        var ran = await shell.RunAsync("join", host.Url.ToString(), "--handle", "ana");

        ran.ExitCode.Should().Be(0);
        ran.Error.Should().StartWith("Invite code: \n").And.NotContain(shell.TypedSecret.Trim());
    }

    [Fact]
    public async Task A_wrong_code_ends_with_4_and_saves_nothing()
    {
        await using var host = await ServerHost.StartAsync();
        using var shell = new Shell();

        var ran = await shell.RunWithInputAsync($"sti_{new string('x', 49)}", "join", host.Url.ToString(), "--handle", "ana");

        ran.ExitCode.Should().Be(4);
        shell.ConfigFile.Load().Profiles.Should().BeEmpty();
    }

    [Fact]
    public async Task Where_the_token_could_not_be_saved_nobody_joins()
    {
        await using var host = await ServerHost.StartAsync();
        using var shell = new Shell();
        var code = await File.ReadAllTextAsync(Path.Combine(host.DataPath, "owner-invite"));
        shell.Environment["XDG_CONFIG_HOME"] = shell.WriteFile("file", "in the way");

        var ran = await shell.RunWithInputAsync(code, "join", host.Url.ToString(), "--handle", "ana");

        ran.Should().Match<Ran>(it => it.ExitCode == 1 && it.Error.Contains("cannot be written"));
        File.Exists(Path.Combine(host.DataPath, "owner-invite")).Should().BeTrue("the invite is still good");
    }

    [Fact]
    public async Task Signing_in_and_out_with_a_token()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var shell = new Shell();

        (await shell.RunWithInputAsync(token, "login", host.Url.ToString())).ExitCode.Should().Be(0);
        (await shell.RunAsync("whoami", "--quiet")).Out.Should().Be("ana\n");
        (await shell.RunAsync("logout")).ExitCode.Should().Be(0);
        (await shell.RunAsync("whoami", "--server", host.Url.ToString())).ExitCode.Should().Be(4);
        (await shell.RunWithInputAsync("sty_wrong", "login", host.Url.ToString())).ExitCode.Should().Be(4);
        (await shell.RunWithInputAsync("", "login", host.Url.ToString())).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task Signing_out_ends_the_saved_token_on_the_server_where_that_is_asked_for_and_no_other()
    {
        await using var host = await ServerHost.StartAsync();
        var saved = await host.JoinAsync("ana");
        using var shell = new Shell();
        using var other = await Shell.SignInAsync(host, "bob");
        await shell.RunWithInputAsync(saved, "login", host.Url.ToString());

        (await shell.RunAsync("logout", "--revoke", "--server", "http://127.0.0.1:1"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("not for http://127.0.0.1:1"));
        (await shell.RunAsync("logout", "--revoke"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 0 && ran.Error.StartsWith("Revoked and deleted"));

        using var direct = new Shell();
        (await direct.RunWithInputAsync(saved, "login", host.Url.ToString())).ExitCode.Should().Be(4);
        (await other.RunAsync("whoami", "--quiet")).Out.Should().Be("bob\n");
    }

    [Fact]
    public async Task A_saved_token_goes_to_no_other_server()
    {
        await using var host = await ServerHost.StartAsync();
        await using var other = await ServerHost.StartAsync();
        using var shell = new Shell();
        await shell.RunWithInputAsync(await host.JoinAsync("ana"), "login", host.Url.ToString());

        var ran = await shell.RunAsync("whoami", "--server", other.Url.ToString());

        ran.ExitCode.Should().Be(4);
        ran.Error.Should().StartWith($"stories: Not signed in to {ServerAddress.Origin(other.Url)}");
    }

    [Fact]
    public async Task The_token_comes_from_flag_environment_file_or_profile_in_this_order()
    {
        await using var host = await ServerHost.StartAsync();
        var (ana, bob, eve) = (await host.JoinAsync("ana"), await host.JoinAsync("bob"), await host.JoinAsync("eve"));
        using var shell = new Shell();
        await shell.RunWithInputAsync(ana, "login", host.Url.ToString());
        var file = shell.WriteFile("token", eve + "\n");

        (await shell.RunAsync("whoami", "-q")).Out.Should().Be("ana\n");
        shell.Environment["STORIES_TOKEN_FILE"] = file;
        (await shell.RunAsync("whoami", "-q")).Out.Should().Be("eve\n");
        shell.Environment["STORIES_TOKEN"] = bob;
        (await shell.RunAsync("whoami", "-q")).Out.Should().Be("bob\n");
        (await shell.RunAsync("whoami", "-q", "--token-file", file)).Out.Should().Be("eve\n");
    }

    [Fact]
    public async Task Two_profiles_are_told_apart()
    {
        await using var host = await ServerHost.StartAsync();
        await using var other = await ServerHost.StartAsync();
        using var shell = new Shell();
        await shell.RunWithInputAsync(await host.JoinAsync("ana"), "login", host.Url.ToString());
        await shell.RunWithInputAsync(await other.JoinAsync("bob"), "login", other.Url.ToString(), "--profile", "work");

        (await shell.RunAsync("whoami", "-q")).Out.Should().Be("ana\n", "a profile that is named is not what commands without a name use");
        (await shell.RunAsync("whoami", "-q", "--profile", "work")).Out.Should().Be("bob\n");
        shell.Environment["STORIES_PROFILE"] = "default";
        (await shell.RunAsync("whoami", "-q")).Out.Should().Be("ana\n");
        (await shell.RunAsync("whoami", "-q", "--server", other.Url.ToString()))
            .ExitCode.Should()
            .Be(4, "the profile that was named has no token for it");
    }

    [Fact]
    public async Task Invites_are_made_listed_used_and_revoked()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var bob = new Shell();

        var made = await ana.RunAsync("invite", "create", "--ttl", "1h", "--quiet");
        var code = made.Out.Trim();
        made.Error.Should().BeEmpty();
        (await bob.RunWithInputAsync(code, "join", host.Url.ToString(), "--handle", "bob")).ExitCode.Should().Be(0);
        await ana.RunAsync("invite", "create", "--role", "bot");
        var spare = (await ana.RunAsync("invite", "list", "--quiet")).Out.Trim();
        (await ana.RunAsync("invite", "list")).Out.Should().Be($"{spare}\tbot\t24h\tana\n");
        (await ana.RunAsync("invite", "revoke", spare)).ExitCode.Should().Be(0);
        (await ana.RunAsync("invite", "list")).Out.Should().BeEmpty();
        (await bob.RunAsync("invite", "create")).ExitCode.Should().Be(4);
        (await bob.RunAsync("people", "--quiet")).Lines.Should().Equal("ana", "bob");
    }

    [Fact]
    public async Task Tokens_are_made_listed_used_and_revoked()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var ci = new Shell { Clock = host.Clock };
        ci.Environment["STORIES_URL"] = host.Url.ToString();

        var made = await ana.RunAsync("token", "create", "--name", "ci", "--scope", "post", "--ttl", "90d");
        ci.Environment["STORIES_TOKEN"] = made.Out.Trim();
        (await ana.RunAsync("token", "create", "--name", "spare", "--quiet"))
            .Should()
            .Match<Ran>(ran => ran.Out.StartsWith("sty_") && ran.Error.Length == 0, "what is shown once must not be lost");
        (await ci.RunAsync("post", "--text", "x")).ExitCode.Should().Be(0);
        (await ci.RunAsync("tray")).ExitCode.Should().Be(4);
        var id = (await ana.RunAsync("token", "list")).Lines.Single(line => line.EndsWith("\tci", StringComparison.Ordinal)).Split('\t')[0];
        made.Error.Should().Contain(id);
        using var runner = new Shell { Clock = host.Clock };
        var login = await runner.RunWithInputAsync(made.Out, "login", host.Url.ToString());
        login.Should().Match<Ran>(it => it.ExitCode == 0 && it.Error.Contains("with a token that may only post"));
        (await runner.RunAsync("post", "--text", "y")).ExitCode.Should().Be(0);
        (await ana.RunAsync("token", "revoke", id)).ExitCode.Should().Be(0);
        (await ci.RunAsync("post", "--text", "x")).ExitCode.Should().Be(4);
        (await ana.RunAsync("token", "revoke", id)).ExitCode.Should().Be(3);
    }
}
