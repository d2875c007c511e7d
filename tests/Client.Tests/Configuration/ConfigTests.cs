using StoriesCli.Client.Configuration;

namespace StoriesCli.Client.Tests.Configuration;

public sealed class ConfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stories-config-");

    private ConfigFile TheFile => ConfigFile.Find(name => name == "XDG_CONFIG_HOME" ? _folder.FullName : null);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_saved_is_read_again()
    {
        var profile = new Profile
        {
            Server = "https://team.example",
            Token = "sty_a",
            Handle = "ana",
        };

        TheFile.Save(new Config().With("work", profile));

        var read = TheFile.Load();
        read.Profile.Should().Be("work");
        read.FindProfile("work").Should().Be(profile);
        read.Without("work").Profiles.Should().BeEmpty();
        read.With("play", profile).Without("play").Profile.Should().BeEmpty("nobody goes on as somebody else by signing out");
    }

    [Fact]
    public void Nobody_else_can_read_what_is_saved()
    {
        TheFile.Save(new());

        File.GetUnixFileMode(TheFile.Path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(Path.GetDirectoryName(TheFile.Path)!).Should().ContainSingle("no file that was on its way is left");
    }

    [Fact]
    public void A_link_to_the_file_is_as_good_as_the_file_and_stays_a_link()
    {
        var elsewhere = Path.Combine(_folder.FullName, "elsewhere.json");
        TheFile.Save(new());
        File.Move(TheFile.Path, elsewhere);
        File.CreateSymbolicLink(TheFile.Path, elsewhere);

        TheFile.Save(TheFile.Load() with { Images = "off" });

        new FileInfo(TheFile.Path).LinkTarget.Should().Be(elsewhere);
        TheFile.Load().Images.Should().Be("off");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_can_read_or_write_is_refused(UnixFileMode tooMuch)
    {
        TheFile.Save(new());
        File.SetUnixFileMode(TheFile.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | tooMuch);

        var load = () => TheFile.Load();

        load.Should()
            .Throw<ConfigException>()
            .WithMessage($"{TheFile.Path} contains tokens, and others can read or write it (mode 6*). Run chmod 600 on it.");
    }

    [Theory]
    [InlineData("""{"playrs":{}}""", "*\"playrs\" is not a setting. Did you mean \"players\"?")]
    [InlineData(
        """{"profiles":{"work":{"server":"https://x","tokn":"a"}}}""",
        "*\"profiles.work.tokn\" is not a setting. Did you mean \"profiles.work.token\"?"
    )]
    [InlineData(
        """{"players":{"video":{"comand":["mpv"],"command":["mpv"]}}}""",
        "*\"players.video.comand\" is not a setting. Did you mean \"players.video.command\"?"
    )]
    [InlineData(
        """{"elephant":1}""",
        "*\"elephant\" is not a setting. Known settings: profile, profiles, players, images, theme, video, keymap, keys."
    )]
    [InlineData("""{"profiles":7}""", "*the value of \"profiles\" is not of the right kind.")]
    [InlineData("{\n\"profile\" \"x\"}", "*config.json is not JSON: unexpected '\"' at line 2, column 11.")]
    public void A_mistake_is_named_and_never_ignored(string json, string message)
    {
        Write(json);

        var load = () => TheFile.Load();

        load.Should().Throw<ConfigException>().WithMessage(message);
    }

    [Fact]
    public void No_file_says_nothing() => TheFile.Load().Profiles.Should().BeEmpty();

    [Fact]
    public void A_file_by_hand_may_leave_out_what_it_likes_and_hold_comments()
    {
        Write(
            """
            {
              // mine
              "players": { "video": { "command": ["vlc", "{url}"] } },
            }
            """
        );

        var config = TheFile.Load();

        config.Profile.Should().Be("default");
        config.Images.Should().Be("auto");
        config.Profiles.Should().BeEmpty();
        config.Players["video"].Command.Should().Equal("vlc", "{url}");
    }

    [Fact]
    public void A_token_is_found_for_its_own_origin_only()
    {
        var config = new Config
        {
            Profile = "a",
            Profiles = new Dictionary<string, Profile>
            {
                ["a"] = new() { Server = "https://team.example", Token = "sty_a" },
                ["b"] = new() { Server = "https://team.example", Token = "sty_b" },
                ["c"] = new() { Server = "http://127.0.0.1:7867", Token = "sty_c" },
            },
        };

        config.FindProfile(new("https://team.example"), "a")!.Token.Should().Be("sty_a");
        config.FindProfile(new("https://team.example:443/"), "b")!.Token.Should().Be("sty_b");
        config.FindProfile(new("http://127.0.0.1:7867"), "a")!.Token.Should().Be("sty_c");
        config.FindProfile(new("http://team.example"), "a").Should().BeNull("the scheme is part of the origin");
        config.FindProfile(new("https://team.example:8443"), "a").Should().BeNull("the port is part of the origin");
        config.FindProfile(new("https://team.example.evil.example"), "a").Should().BeNull();
    }

    private void Write(string json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(TheFile.Path)!);
        File.WriteAllText(TheFile.Path, json);
        File.SetUnixFileMode(TheFile.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
