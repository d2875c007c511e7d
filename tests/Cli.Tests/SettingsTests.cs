using System.Text.Json;
using StoriesCli.Client;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests;

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
        ran.Lines.Should().Equal(
            $"profile\tdefault\t{file}", $"server\t{ServerAddress.Origin(host.Url)}\t{file} (profiles.default)", $"token\tset\t{file} (profiles.default)",
            $"handle\tana\t{file} (profiles.default)", "insecure\tfalse\tbuilt in", "images\toff\tSTORIES_IMAGES");
        (await shell.RunAsync("config", "show", "--server", "http://127.0.0.1:1", "--origin")).Lines.Should().Contain("server\thttp://127.0.0.1:1\t--server").And.Contain("token\tnone\tbuilt in");
        (await shell.RunAsync("config", "get", "images")).Out.Should().Be("off\n");
        (await shell.RunAsync("config", "get", "imags")).Should().Match<Ran>(it => it.ExitCode == 2 && it.Error.Contains("did you mean \"images\"?"));
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
        (await shell.RunAsync("config", "path")).Out.Should().Be(shell.ConfigFile.Path + "\n");
    }

    [Fact]
    public async Task A_way_to_show_pictures_that_nobody_knows_is_noticed_by_every_command()
    {
        using var shell = new Shell();
        shell.ConfigFile.Save(new() { Images = "bloks" });

        (await shell.RunAsync("whoami")).Should().Match<Ran>(ran => ran.ExitCode == 2 && ran.Error.Contains("\"images\" cannot be \"bloks\"; did you mean \"blocks\"?"));
    }

    [Fact]
    public async Task Signing_out_leaves_no_profile_named_that_is_gone()
    {
        await using var host = await ServerHost.StartAsync();
        await using var other = await ServerHost.StartAsync();
        using var shell = new Shell();
        await shell.RunWithInputAsync(await host.JoinAsync("ana"), "login", host.Url.ToString());
        await shell.RunWithInputAsync(await other.JoinAsync("bob"), "login", other.Url.ToString(), "--profile", "work");

        await shell.RunAsync("logout");

        shell.ConfigFile.Load().Profile.Should().Be("default");
        (await shell.RunAsync("whoami", "-q")).Out.Should().Be("ana\n");
        await shell.RunAsync("logout");
        shell.ConfigFile.Load().Should().Match<Config>(config => config.Profile == "default" && config.Profiles.Count == 0);
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
        ana.Environment["STORIES_TOKEN"] = "sty_wrong";
        using var ill = JsonDocument.Parse((await ana.RunAsync("doctor", "--json")).Out);
        ill.RootElement.EnumerateArray().Single(it => it.GetProperty("state").GetString() == "fault").GetProperty("remedy").GetString().Should().StartWith("Sign in again");
        (await ana.RunAsync("doctor", "--server", "http://127.0.0.1:1")).Should().Match<Ran>(ran => ran.ExitCode == 1 && ran.Out.Contains("server\tfault\t"));
    }
}
