using System.Text.Json;

namespace StoriesCli.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("lst", "*'lst'*Did you mean list?*")]
    [InlineData("list --jsn", "*'--jsn'*Did you mean --json?*")]
    [InlineData("show", "*'ID' missing*\"stories show --help\" shows how it is used.*")]
    [InlineData("token", "*\"stories token --help\" shows how it is used.*")]
    [InlineData("token revoke", "*\"stories token revoke --help\" shows how it is used.*")]
    [InlineData("list --retry many", "*--retry takes a number from 0 to 100, not \"many\".*")]
    [InlineData("list --limit 0", "*--limit takes a number from 1 on, not \"0\".*")]
    [InlineData("list --timeout soon", "*--timeout takes a time such as 30s, 5m or 1h*")]
    [InlineData("list --server team.example", "*\"team.example\" is not a server's address*")]
    [InlineData("list --server http://team.example", "*is plain http to another machine*--insecure.*")]
    [InlineData("list --profile work", "*There is no profile \"work\"; none is saved yet.*")]
    [InlineData("list --token-file nowhere", "*nowhere: there is no such file.*")]
    [InlineData("--images big", "*--images takes auto, kitty, sixel, blocks or off, not \"big\".*")]
    [InlineData("post", "*Nothing to post*")]
    [InlineData("post a.jpg --text b", "*--text is a story of its own*")]
    public async Task Wrong_usage_ends_with_2_and_says_what_is_right(string commandLine, string message)
    {
        var ran = await _shell.RunAsync(commandLine.Split(' '));

        ran.ExitCode.Should().Be(2);
        ran.Out.Should().BeEmpty();
        ran.Error.Should().StartWith("stories: ").And.Match(message);
    }

    [Fact]
    public async Task A_way_to_show_pictures_that_nobody_knows_ends_with_2_wherever_it_was_set()
    {
        _shell.HasTerminal = true;
        _shell.ConfigFile.Save(new() { Images = "big" });
        var byConfig = await _shell.RunAsync();
        _shell.ConfigFile.Save(new());
        _shell.Environment["STORIES_IMAGES"] = "bigger";
        var byEnvironment = await _shell.RunAsync();

        byConfig.ExitCode.Should().Be(2);
        byConfig.Error.Should().Contain("\"images\" cannot be \"big\"").And.Contain("kitty, sixel");
        byEnvironment.ExitCode.Should().Be(2);
        byEnvironment.Error.Should().Be("stories: STORIES_IMAGES takes auto, kitty, sixel, blocks or off, not \"bigger\".\n");
    }

    [Fact]
    public async Task A_misspelt_setting_ends_with_2()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_shell.ConfigFile.Path)!);
        File.WriteAllText(_shell.ConfigFile.Path, """{"playrs":{}}""");
        File.SetUnixFileMode(_shell.ConfigFile.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var ran = await _shell.RunAsync("whoami");

        ran.ExitCode.Should().Be(2);
        ran.Error.Should().Contain("did you mean \"players\"?");
    }

    [Fact]
    public async Task Nobody_signed_in_ends_with_4_before_anything_is_sent()
    {
        var ran = await _shell.RunAsync("list");

        ran.ExitCode.Should().Be(4);
        ran.Error.Should().StartWith("stories: Not signed in to http://127.0.0.1:7867: run \"stories join\"");
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_with_6()
    {
        _shell.Environment["STORIES_TOKEN"] = "sty_x";

        var ran = await _shell.RunAsync("list", "--retry", "0", "--server", "http://127.0.0.1:1");

        ran.ExitCode.Should().Be(6);
        ran.Error.Should().Be("stories: Nothing listens at http://127.0.0.1:1: check the address, and that the server runs.\n");
    }

    [Fact]
    public async Task The_time_limit_ends_with_7()
    {
        _shell.Environment["STORIES_TOKEN"] = "sty_x";
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();

        var ran = await _shell.RunAsync("list", "--timeout", "1", "--server", $"http://{silent.LocalEndpoint}");

        ran.ExitCode.Should().Be(7);
        ran.Error.Should().Be("stories: The command was not done after 1 s, the time given by --timeout.\n");
    }

    [Fact]
    public async Task Being_interrupted_ends_with_130_and_no_word()
    {
        _shell.Environment["STORIES_TOKEN"] = "sty_x";
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        using var interrupt = new CancellationTokenSource();

        var running = _shell.RunWithInputAsync([], ["list", "--server", $"http://{silent.LocalEndpoint}"], interrupt.Token);
        using var accepted = await silent.AcceptTcpClientAsync();
        await interrupt.CancelAsync();

        var ran = await running;
        ran.ExitCode.Should().Be(130);
        ran.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task Errors_of_this_side_are_JSON_too_when_JSON_was_asked_for()
    {
        var ran = await _shell.RunAsync("list", "--json");

        using var problem = JsonDocument.Parse(ran.Error);
        problem.RootElement.GetProperty("exitCode").GetInt32().Should().Be(4);
        problem.RootElement.GetProperty("detail").GetString().Should().StartWith("Not signed in");
    }

    [Fact]
    public async Task A_wrong_command_line_is_JSON_too_when_JSON_was_asked_for()
    {
        var ran = await _shell.RunAsync("list", "--json", "--nonsense");

        using var problem = JsonDocument.Parse(ran.Error);
        problem.RootElement.GetProperty("exitCode").GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task A_word_with_an_at_sign_is_no_response_file()
    {
        _shell.Environment["STORIES_TOKEN"] = "sty_x";

        var ran = await _shell.RunAsync("post", "--text", "x", "--caption", "@everyone", "--retry", "0", "--server", "http://127.0.0.1:1");

        ran.ExitCode.Should().Be(6, "the command line itself is right");
    }

    [Fact]
    public async Task Without_a_terminal_stories_alone_is_help()
    {
        var ran = await _shell.RunAsync();

        ran.ExitCode.Should().Be(0);
        ran.Out.Should().StartWith("Examples:").And.Contain("Commands:");
    }

    [Fact]
    public async Task The_version_is_one_line() => (await _shell.RunAsync("--version")).Out.Should().MatchRegex(@"\Astories \d+\.\d+\.\d+\n\z");
}
