using System.Text.Json;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Account;

public class SettingsTests
{
    [Fact]
    public async Task What_holds_is_shown_with_where_it_comes_from_and_without_secrets()
    {
        await using var host = await ServerHost.StartAsync();
        using var shell = new Shell();
        await shell.RunWithInputAsync(await host.JoinAsync("ana"), "login", host.Url.ToString());
        shell.Environment["STORIES_IMAGES"] = "off";

        var ran = await shell.RunAsync("config", "show", "--origin");

        var file = shell.ConfigFile.Path;
        ran.Lines.Should()
            .Equal(
                $"profile\tdefault\t{file}",
                $"server\t{ServerAddress.Origin(host.Url)}\t{file} (profiles.default)",
                $"token\tset\t{file} (profiles.default)",
                $"handle\tana\t{file} (profiles.default)",
                "insecure\tfalse\tbuilt in",
                "images\toff\tSTORIES_IMAGES",
                "theme\tauto\tbuilt in",
                "video\tauto\tbuilt in",
                "keymap\tvi\tbuilt in"
            );
        (await shell.RunAsync("config", "show", "--server", "http://127.0.0.1:1", "--origin"))
            .Lines.Should()
            .Contain("server\thttp://127.0.0.1:1\t--server")
            .And.Contain("token\tnone\tbuilt in");
        (await shell.RunAsync("config", "get", "images")).Out.Should().Be("off\n");
        (await shell.RunAsync("config", "get", "imags"))
            .Should()
            .Match<Ran>(it => it.ExitCode == 2 && it.Error.Contains("Did you mean \"images\"?"));
    }

    [Fact]
    public async Task Settings_are_written_and_taken_out()
    {
        using var shell = new Shell();

        (await shell.RunAsync("config", "set", "images", "off")).ExitCode.Should().Be(0);
        (await shell.RunAsync("config", "set", "players.video", "--", "mpv", "--fs", "{url}")).ExitCode.Should().Be(0);
        var config = shell.ConfigFile.Load();
        config.Images.Should().Be("off");
        config.Players["video"].Command.Should().Equal("mpv", "--fs", "{url}");
        (await shell.RunAsync("config", "unset", "players.video")).ExitCode.Should().Be(0);
        shell.ConfigFile.Load().Players.Should().BeEmpty();
        (await shell.RunAsync("config", "set", "images", "bogus")).ExitCode.Should().Be(2);
        (await shell.RunAsync("config", "set", "imags", "off")).ExitCode.Should().Be(2);
        (await shell.RunAsync("config", "set", "theme", "light")).ExitCode.Should().Be(0);
        shell.ConfigFile.Load().Theme.Should().Be("light");
        (await shell.RunAsync("config", "set", "theme", "solarized"))
            .Should()
            .Match<Ran>(ran =>
                ran.ExitCode == 2 && ran.Error.Contains("theme cannot be \"solarized\". Known values: auto, dark, light, contrast.")
            );
        (await shell.RunAsync("config", "unset", "theme")).ExitCode.Should().Be(0);
        (await shell.RunAsync("config", "set", "keymap", "classic")).ExitCode.Should().Be(0);
        shell.ConfigFile.Load().Keymap.Should().Be("classic");
        (await shell.RunAsync("config", "set", "keymap", "emacs"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("keymap cannot be \"emacs\". Known values: vi, classic."));
        (await shell.RunAsync("config", "unset", "keymap")).ExitCode.Should().Be(0);
        shell.ConfigFile.Load().Keymap.Should().Be("vi");
        (await shell.RunAsync("config", "path")).Out.Should().Be(shell.ConfigFile.Path + "\n");
    }

    [Fact]
    public async Task A_player_is_taken_as_a_JSON_array_too()
    {
        using var shell = new Shell();

        (await shell.RunAsync("config", "set", "players.video", """["mpv", "--vo=null", "{url}"]""")).ExitCode.Should().Be(0);

        shell.ConfigFile.Load().Players["video"].Command.Should().Equal("mpv", "--vo=null", "{url}");
    }

    [Fact]
    public async Task Of_two_profiles_alike_the_one_that_holds_is_named()
    {
        using var shell = new Shell();
        var profile = new Profile
        {
            Server = "https://team.example",
            Token = "sty_a",
            Handle = "ana",
        };
        shell.ConfigFile.Save(new Config().With("first", profile).With("second", profile with { }));

        (await shell.RunAsync("config", "show", "--origin"))
            .Lines.Should()
            .Contain($"token\tset\t{shell.ConfigFile.Path} (profiles.second)");
    }

    [Fact]
    public async Task The_doctor_tells_the_truth_about_players_and_the_cache()
    {
        using var shell = new Shell { Environment = { ["STORIES_TOKEN"] = "sty_x", ["STORIES_URL"] = "http://127.0.0.1:1" } };
        var mpv = shell.WriteFile("mpv", "#!/bin/sh\n");
        File.SetUnixFileMode(mpv, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        shell.Environment["PATH"] = shell.Home;
        shell.Environment["XDG_CACHE_HOME"] = shell.WriteFile("file", "in the way");
        shell.ConfigFile.Save(
            new()
            {
                Players = new Dictionary<string, Client.Players.Player> { ["image"] = new() { Command = ["no-such-viewer", "{file}"] } },
            }
        );

        var ran = await shell.RunAsync("doctor");

        ran.Out.Should()
            .Contain("player for image\tfault\tno-such-viewer is configured but not installed")
            .And.Contain("player for video\tnote\tmpv is installed, but there is nothing to show it on: no display and no terminal")
            .And.Contain("player for audio\tok\tmpv --no-video")
            .And.Contain("cache\tnote\t");
    }

    [Fact]
    public async Task The_doctor_prints_what_it_found_before_its_time_was_over()
    {
        using var shell = new Shell();
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();

        var ran = await shell.RunAsync("doctor", "--timeout", "1", "--server", $"http://{silent.LocalEndpoint}");

        ran.ExitCode.Should().Be(7);
        ran.Out.Should().Contain("server\tfault\t").And.Contain("terminal\t").And.Contain("player for video\t");
    }

    [Fact]
    public async Task A_way_to_show_pictures_that_nobody_knows_is_noticed_by_every_command()
    {
        using var shell = new Shell();
        shell.ConfigFile.Save(new() { Images = "bloks" });

        (await shell.RunAsync("whoami"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("\"images\" cannot be \"bloks\". Did you mean \"blocks\"?"));
    }

    [Fact]
    public async Task Keys_that_nobody_knows_are_noticed_by_every_command()
    {
        using var shell = new Shell();
        shell.ConfigFile.Save(new() { Keymap = "clasic" });

        (await shell.RunAsync("whoami"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("\"keymap\" cannot be \"clasic\". Did you mean \"classic\"?"));
    }

    [Fact]
    public async Task Signing_out_leaves_no_profile_named_that_is_gone()
    {
        await using var host = await ServerHost.StartAsync();
        await using var other = await ServerHost.StartAsync();
        using var shell = new Shell();
        await shell.RunWithInputAsync(await host.JoinAsync("ana"), "login", host.Url.ToString());
        await shell.RunWithInputAsync(await other.JoinAsync("bob"), "login", other.Url.ToString(), "--profile", "work");
        await shell.RunAsync("config", "set", "profile", "work");

        await shell.RunAsync("logout");

        shell.ConfigFile.Load().Profile.Should().BeEmpty("somebody who signs out must not continue as somebody else");
        (await shell.RunAsync("whoami", "-q"))
            .Should()
            .Match<Ran>(it => it.ExitCode == 4 && it.Error.Contains("no profile is selected. Saved profiles: default"));
        (await shell.RunAsync("logout"))
            .Should()
            .Match<Ran>(it => it.ExitCode == 0 && it.Error.Contains("nothing was deleted. Saved profiles: default"));
        (await shell.RunAsync("config", "show")).Lines.Should().Contain("profile\tnone");
        await shell.RunAsync("config", "set", "profile", "default");
        (await shell.RunAsync("whoami", "-q")).Out.Should().Be("ana\n");
        await shell.RunAsync("logout");
        shell.ConfigFile.Load().Should().Match<Config>(config => config.Profile == "default" && config.Profiles.Count == 0);
    }

    [Fact]
    public async Task The_doctor_compares_where_links_lead_with_where_the_server_is_reached()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        ana.Clock = TimeProvider.System;
        using var before = new NetworkGate(host.Url);

        (await ana.RunAsync("doctor")).Out.Should().NotContain("links\t", "without a story there is no link to look at");
        await ana.RunAsync("post", "--text", "x", "--retry", "0");
        var straight = await ana.RunAsync("doctor");
        var behind = await ana.RunAsync("doctor", "--server", before.Url.ToString());

        straight.Lines.Should().Contain($"links\tok\tlead to {host.Url.GetLeftPart(UriPartial.Authority)}\t");
        behind
            .Lines.Should()
            .Contain(line =>
                line.StartsWith("links\tnote\tlead to ", StringComparison.Ordinal) && line.Contains("--base-url", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task The_doctor_names_each_fault_with_its_remedy()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = await Shell.SignInAsync(host, "ana");
        // The server dates its answers by the machine's clock.
        ana.Clock = TimeProvider.System;

        var well = await ana.RunAsync("doctor");
        well.ExitCode.Should().Be(0, well.Out);
        well.Lines.Should().Contain(line => line.StartsWith("token\tok\t@ana, owner, may ", StringComparison.Ordinal));
        well.Lines.Should()
            .Contain(line =>
                line.StartsWith("ffmpeg\tnote\t", StringComparison.Ordinal) && line.Contains("--ffmpeg auto", StringComparison.Ordinal)
            );
        ana.Environment["STORIES_TOKEN"] = "sty_wrong";
        using var ill = JsonDocument.Parse((await ana.RunAsync("doctor", "--json")).Out);
        ill.RootElement.EnumerateArray()
            .Single(it => it.GetProperty("state").GetString() == "fault")
            .GetProperty("remedy")
            .GetString()
            .Should()
            .StartWith("Sign in again");
        (await ana.RunAsync("doctor", "--server", "http://127.0.0.1:1"))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 1 && ran.Out.Contains("server\tfault\t"));
    }
}
