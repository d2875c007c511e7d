namespace StoriesCli.Client.Tests;

public sealed class PlatformTests
{
    [Theory]
    [InlineData(Platform.Linux, "/ana/.config", "/ana/.cache")]
    [InlineData(Platform.MacOS, "/ana/.config", "/ana/.cache")]
    [InlineData(Platform.Windows, "/roaming", "/local")]
    public void Folders_follow_the_operating_system(Platform platform, string config, string cache)
    {
        var variables = new Dictionary<string, string?>
        {
            ["HOME"] = "/ana",
            ["APPDATA"] = "/roaming",
            ["LOCALAPPDATA"] = "/local",
        };

        Platforms.ConfigFolder(platform, variables.GetValueOrDefault).Should().Be(config);
        Platforms.CacheFolder(platform, variables.GetValueOrDefault).Should().Be(cache);
    }

    [Theory]
    [InlineData(Platform.Linux)]
    [InlineData(Platform.MacOS)]
    [InlineData(Platform.Windows)]
    public void A_folder_that_the_environment_names_is_used_everywhere(Platform platform)
    {
        Platforms.ConfigFolder(platform, name => name == "XDG_CONFIG_HOME" ? "/chosen" : null).Should().Be("/chosen");
        Platforms.ConfigFolder(platform, name => name == "XDG_CONFIG_HOME" ? "relative" : "/elsewhere").Should().NotBe("relative");
        Platforms.CacheFolder(platform, name => name == "XDG_CACHE_HOME" ? "/chosen" : null).Should().Be("/chosen");
    }

    [Theory]
    [InlineData(Platform.Linux, false, "xdg-open", "mpv", "/bin/sh -c echo")]
    [InlineData(Platform.MacOS, true, "open", "mpv", "/bin/sh -c echo")]
    [InlineData(Platform.Windows, true, "explorer.exe", "mpv.exe mpv.com", "cmd.exe /d /c echo")]
    public void Programs_follow_the_operating_system(Platform platform, bool hasDisplay, string opener, string names, string shell)
    {
        Platforms.HasDisplay(platform, _ => null).Should().Be(hasDisplay);
        Platforms.HasDisplay(platform, name => name == "WAYLAND_DISPLAY" ? "wayland-0" : null).Should().BeTrue();
        Platforms.Opener(platform).Should().Be(opener);
        string.Join(' ', Platforms.ProgramNames(platform, "mpv")).Should().Be(names);
        Platforms.ProgramNames(platform, "mpv.bat").Should().Equal("mpv.bat");
        string.Join(' ', Platforms.Shell(platform, "echo")).Should().Be(shell);
    }
}
