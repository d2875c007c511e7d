using System.Text.Json;
using StoriesCli.Client.Configuration;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Tests.Players;

public sealed class PlayerTests : IDisposable
{
    private const string Address = "http://127.0.0.1:7867/v1/stories/x/media?signature=s";
    private static readonly Dictionary<string, Player> None = [];

    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("stories-players-");

    public void Dispose() => _programs.Delete(recursive: true);

    [Theory]
    [InlineData(StoryKinds.Video, "xdg-open ffplay vlc mpv", "mpv")]
    [InlineData(StoryKinds.Video, "xdg-open ffplay vlc", "vlc")]
    [InlineData(StoryKinds.Audio, "xdg-open ffplay imv", "ffplay")]
    [InlineData(StoryKinds.Image, "feh imv vlc", "imv")]
    [InlineData(StoryKinds.Image, "feh vlc", "feh")]
    [InlineData(StoryKinds.Image, "vlc xdg-open", "xdg-open")]
    public void The_first_known_player_that_is_installed_is_taken(string kind, string installed, string chosen)
    {
        Install(installed.Split(' '));

        new PlayerSearch(None, _programs.FullName).Find(kind)!.Command[0].Should().Be(chosen);
    }

    [Fact]
    public void A_configured_player_comes_before_any_other()
    {
        Install("mpv");
        var mine = new Player { Command = ["my-player", "{url}"] };

        new PlayerSearch(new Dictionary<string, Player> { ["video"] = mine }, _programs.FullName, hasDisplay: false)
            .Find(StoryKinds.Video)
            .Should()
            .BeSameAs(mine);
    }

    [Fact]
    public void Without_a_display_only_what_draws_in_the_terminal_is_taken()
    {
        Install("vlc", "imv", "xdg-open");
        PlayerSearch.Here(None, Ssh).Find(StoryKinds.Video).Should().BeNull();
        Install("mpv");

        var player = PlayerSearch.Here(None, Ssh).Find(StoryKinds.Video)!;

        player.Command.Should().StartWith(["mpv", "--vo=tct"]);
        player.Terminal.Should().BeTrue();
        string? Ssh(string name) => name == "PATH" ? _programs.FullName : null;
    }

    [Fact]
    public void What_is_heard_needs_no_display()
    {
        Install("mpv");

        new PlayerSearch(None, _programs.FullName, hasDisplay: false, hasTerminal: false)
            .Find(StoryKinds.Audio)!
            .Command.Should()
            .StartWith(["mpv", "--no-video"]);
        new PlayerSearch(None, _programs.FullName, hasDisplay: false, hasTerminal: false).Find(StoryKinds.Video).Should().BeNull();
    }

    [Theory]
    [InlineData("""["mpv", "{url}"]""", false)]
    [InlineData("""{ "command": ["mpv", "{url}"], "terminal": true }""", true)]
    public void A_player_is_written_as_its_words_or_as_an_object(string json, bool terminal)
    {
        var player = JsonSerializer.Deserialize<Player>(json)!;

        player.Command.Should().Equal("mpv", "{url}");
        player.Terminal.Should().Be(terminal);
        JsonSerializer.Deserialize<Player>(JsonSerializer.Serialize(player))!.Command.Should().Equal(player.Command);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{ "command": [] }""")]
    [InlineData("""{ "terminal": true }""")]
    [InlineData("\"mpv\"")]
    public void A_player_without_a_program_is_refused_with_the_shape_it_should_have(string json) =>
        FluentActions.Invoking(() => JsonSerializer.Deserialize<Player>(json)).Should().Throw<ConfigException>().WithMessage("*{url}*");

    [Fact]
    public void What_is_not_a_program_is_no_player()
    {
        File.WriteAllText(Path.Combine(_programs.FullName, "mpv"), "a note");

        new PlayerSearch(None, _programs.FullName).Find(StoryKinds.Video).Should().BeNull();
        new PlayerSearch(None, null).Find(StoryKinds.Video).Should().BeNull();
    }

    [Fact]
    public void Mpv_runs_no_scripts_checks_certificates_and_is_told_addresses_over_its_socket()
    {
        var player = new Player { Command = ["mpv", "--fs", "--", "{url}"] };

        PlayerArguments.IsLedOverSocket(player).Should().BeTrue();
        PlayerArguments
            .FillForSocket(player, "", "/tmp/s")
            .Should()
            .Equal(
                "mpv",
                "--ytdl=no",
                "--load-scripts=no",
                "--tls-verify=yes",
                "--image-display-duration=5",
                "--input-terminal=no",
                "--idle=once",
                "--input-ipc-server=/tmp/s",
                "--fs"
            );
    }

    [Theory]
    [InlineData("vlc {url}")]
    [InlineData("mpv {file}")]
    [InlineData("mpv --sub-file={url}")]
    public void Other_players_get_the_address_as_an_argument(string command) =>
        PlayerArguments.IsLedOverSocket(new() { Command = command.Split(' ') }).Should().BeFalse();

    [Fact]
    public void An_address_that_the_template_does_not_name_comes_last_after_the_options()
    {
        PlayerArguments.Fill(new() { Command = ["vlc", "-f"] }, Address, null, "").Should().Equal("vlc", "-f", "--", Address);
    }

    [Theory]
    [InlineData("{title}", "--script=evil.lua", "script=evil.lua")]
    [InlineData("{title}", "{url}", "{url}")]
    [InlineData("--title={title}", "-x \u001b[31m\u202e", "--title=-x ")]
    public void A_title_is_never_an_option_and_commands_no_terminal(string argument, string title, string filled)
    {
        PlayerArguments.Fill(new() { Command = ["p", argument, "{url}"] }, Address, null, title)[1].Should().Be(filled);
    }

    private void Install(params string[] names)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(_programs.FullName, name);
            File.WriteAllText(path, "#!/bin/sh\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
