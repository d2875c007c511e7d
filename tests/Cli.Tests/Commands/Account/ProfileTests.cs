using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Account;

/// <summary>Signing in never costs another account its token.</summary>
public sealed class ProfileTests
{
    [Fact]
    public async Task A_second_handle_on_a_server_is_a_second_profile_and_the_first_keeps_its_token()
    {
        await using var host = await ServerHost.StartAsync();
        using var shell = new Shell();
        var owner = await File.ReadAllTextAsync(Path.Combine(host.DataPath, "owner-invite"));
        await shell.RunWithInputAsync(owner, "join", host.Url.ToString(), "--handle", "ana");
        var first = shell.ConfigFile.Load().FindProfile("default")!;
        var invite = (await shell.RunAsync("invite", "create", "--role", "bot", "-q")).Out;

        var joined = await shell.RunWithInputAsync(invite, "join", host.Url.ToString(), "--handle", "ci-bot");

        joined.ExitCode.Should().Be(0, joined.Error);
        joined.Error.Should().Contain("saved as profile \"ci-bot\"").And.Contain("stories config set profile default");
        shell.ConfigFile.Load().FindProfile("default").Should().BeEquivalentTo(first);
        (await shell.RunAsync("whoami", "-q", "--profile", "default")).Out.Should().Be("ana\n");
        (await shell.RunAsync("whoami", "-q", "--profile", "ci-bot")).Out.Should().Be("ci-bot\n");
    }

    [Fact]
    public async Task A_profile_that_is_named_does_not_become_the_current_one_unless_it_is_the_first()
    {
        await using var host = await ServerHost.StartAsync();
        using var shell = new Shell();
        await shell.RunWithInputAsync(await host.JoinAsync("ana"), "login", host.Url.ToString(), "--profile", "mine");
        (await shell.RunAsync("whoami", "-q")).Out.Should().Be("ana\n", "there is no other");
        var invite = (await shell.RunAsync("invite", "create", "--role", "bot", "-q")).Out;

        var joined = await shell.RunWithInputAsync(invite, "join", host.Url.ToString(), "--handle", "robo", "--profile", "ci");

        joined.Error.Should().Contain("Commands still use \"mine\"").And.Contain("stories config set profile ci");
        (await shell.RunAsync("whoami", "-q")).Out.Should().Be("ana\n");
        (await shell.RunAsync("whoami", "-q", "--profile", "ci")).Out.Should().Be("robo\n");
    }

    [Fact]
    public async Task A_name_that_is_another_accounts_is_refused_before_the_invite_is_used_and_taken_only_when_told()
    {
        await using var host = await ServerHost.StartAsync();
        await using var elsewhere = await ServerHost.StartAsync();
        using var shell = new Shell();
        await shell.RunWithInputAsync(await host.JoinAsync("ana"), "login", host.Url.ToString());
        var before = shell.ConfigFile.Load();
        var invite = (await shell.RunAsync("invite", "create", "-q")).Out;
        var foreign = await elsewhere.JoinAsync("ana");

        (await shell.RunWithInputAsync(invite, "join", host.Url.ToString(), "--handle", "bob", "--profile", "default"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("@ana on ") && ran.Error.Contains("--replace"));
        shell.Environment["STORIES_PROFILE"] = "default";
        (await shell.RunWithInputAsync(invite, "join", host.Url.ToString(), "--handle", "bob"))
            .ExitCode.Should()
            .Be(5, "a variable is no request to forget a token");
        (await shell.RunWithInputAsync(foreign, "login", elsewhere.Url.ToString()))
            .ExitCode.Should()
            .Be(5, "the same handle elsewhere is another account");
        shell.ConfigFile.Load().Should().BeEquivalentTo(before);
        (await shell.RunWithInputAsync(invite, "join", host.Url.ToString(), "--handle", "bob", "--replace"))
            .ExitCode.Should()
            .Be(0, "the invite was not used up");
        shell.ConfigFile.Load().FindProfile("default")!.Handle.Should().Be("bob");
    }

    [Fact]
    public async Task A_token_that_works_and_may_do_more_is_not_forgotten_for_one_that_may_do_less()
    {
        await using var host = await ServerHost.StartAsync();
        using var shell = new Shell();
        await shell.RunWithInputAsync(await host.JoinAsync("ana"), "login", host.Url.ToString());
        var full = shell.ConfigFile.Load().FindProfile("default")!.Token;
        var reader = (await shell.RunAsync("token", "create", "--name", "reader", "--scope", "read", "-q")).Out;
        var poster = (await shell.RunAsync("token", "create", "--name", "poster", "--scope", "post", "-q")).Out;

        (await shell.RunWithInputAsync(reader, "login", host.Url.ToString()))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("has more scopes than this one: post, admin"));
        (await shell.RunWithInputAsync(poster, "login", host.Url.ToString())).Error.Should().Contain("saved as profile \"post-only\"");
        shell.ConfigFile.Load().FindProfile("default")!.Token.Should().Be(full);
        (await shell.RunWithInputAsync(poster, "login", host.Url.ToString()))
            .Error.Should()
            .Contain("saved as profile \"post-only\"", "the same token is the same profile");
        await shell.RunAsync("config", "set", "profile", "default");
        (await shell.RunWithInputAsync(reader, "login", host.Url.ToString(), "--replace")).ExitCode.Should().Be(0);
        shell.ConfigFile.Load().FindProfile("default")!.Token.Should().Be(reader.Trim());
    }

    [Fact]
    public async Task What_two_commands_save_at_once_is_both_there()
    {
        await using var host = await ServerHost.StartAsync();
        using var shell = new Shell();
        var tokens = new List<string>();
        foreach (var handle in (string[])["ana", "bob", "cem", "dora", "eve", "finn"])
        {
            tokens.Add(await host.JoinAsync(handle));
        }

        var runs = await Task.WhenAll(
            tokens.Select((token, i) => Task.Run(() => shell.RunWithInputAsync(token, "login", host.Url.ToString(), "--profile", $"p{i}")))
        );

        runs.Should().OnlyContain(ran => ran.ExitCode == 0);
        shell.ConfigFile.Load().Profiles.Values.Select(profile => profile.Token).Should().BeEquivalentTo(tokens);
    }

    [Fact]
    public async Task A_lost_laptop_costs_two_commands_one_of_them_on_the_new_one()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        using var lost = await Shell.SignInAsync(host, "bob");
        using var laptop = new Shell();

        var made = await ana.RunAsync("admin", "accounts", "access", "@bob");
        made.Error.Should().Contain("stories join LINK --handle bob").And.Contain("--end-others");
        var back = await laptop.RunWithInputAsync(made.Out, "join", host.Url.ToString(), "--handle", "bob", "--end-others");

        back.Should().Match<Ran>(ran => ran.ExitCode == 0 && ran.Out.StartsWith("bob\t"));
        (await laptop.RunAsync("whoami", "-q")).Out.Should().Be("bob\n");
        (await laptop.RunAsync("whoami")).Error.Should().Contain("@ana made an access link for your account").And.Contain("it was used");
        (await lost.RunAsync("whoami")).ExitCode.Should().Be(4);
        (await ana.RunAsync("admin", "accounts", "access", "zoe")).ExitCode.Should().Be(3);
        (await ana.RunAsync("admin", "accounts", "access", "bob", "-q"))
            .Should()
            .Match<Ran>(ran => ran.Out.Contains("/join#sta_") && ran.Error.Length == 0);
        (await laptop.RunAsync("admin", "accounts", "access", "ana")).ExitCode.Should().Be(4);
    }

    [Fact]
    public async Task Doctor_and_whoami_warn_30_days_before_a_token_ends_and_not_before()
    {
        await using var host = await ServerHost.StartAsync();
        // The server dates its answers by the machine's clock, and doctor compares.
        host.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        using var bot = await Shell.SignInAsync(host, "ana");
        var token = await host.JoinAsync("ci", Roles.Bot);
        using var ci = new Shell { Environment = { ["STORIES_URL"] = host.Url.ToString(), ["STORIES_TOKEN"] = token } };

        (await ci.RunAsync("whoami")).Error.Should().BeEmpty();
        (await ci.RunAsync("doctor"))
            .Lines.Should()
            .Contain(line => line.StartsWith("token\tok\t@ci, bot", StringComparison.Ordinal) && line.Contains("ends in 365d"));
        (await bot.RunAsync("doctor"))
            .Lines.Should()
            .Contain(line =>
                line.StartsWith("token\tok\t@ana, owner", StringComparison.Ordinal) && line.Contains("renews when it is used")
            );
        var brief = await host.Client(token).Tokens.CreateAsync(new NewToken { Name = "brief", Ttl = "29d" });
        ci.Environment["STORIES_TOKEN"] = brief.Token;

        var who = await ci.RunAsync("whoami");
        who.Out.Should().StartWith("ci\t");
        who.Error.Should().Contain("This token expires in 29d").And.Contain("stories admin accounts access");
        var json = await ci.RunAsync("whoami", "--json");
        json.Error.Should().Contain("This token expires in", "people read JSON too");
        System
            .Text.Json.JsonDocument.Parse(json.Out)
            .RootElement.GetProperty("tokenExpiresAt")
            .GetDateTimeOffset()
            .Should()
            .BeCloseTo(brief.ExpiresAt, TimeSpan.FromSeconds(1));
        (await ci.RunAsync("doctor"))
            .Should()
            .Match<Ran>(ran =>
                ran.ExitCode == 0
                && ran.Lines.Any(line => line.StartsWith("token\tnote\t@ci, bot") && line.Contains("This token expires in 29d"))
            );
        ci.Environment["STORIES_TOKEN"] = token;
        (await ci.RunAsync("doctor"))
            .Lines.Should()
            .Contain(line => line.StartsWith("token\tnote\t\"brief\" ends in 29d", StringComparison.Ordinal));
    }
}
