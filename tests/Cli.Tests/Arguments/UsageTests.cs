using System.Text.Json;

namespace StoriesCli.Cli.Tests.Arguments;

public sealed class UsageTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("lst", "*'lst'*Did you mean list?*")]
    [InlineData("list --jsn", "*'--jsn'*Did you mean --json?*")]
    [InlineData("show", "*'ID' missing*Run \"stories show --help\" for usage.*")]
    [InlineData("token", "*Run \"stories token --help\" for usage.*")]
    [InlineData("token revoke", "*Run \"stories token revoke --help\" for usage.*")]
    [InlineData("list --retry many", "*--retry takes a number from 0 to 100, not \"many\".*")]
    [InlineData("list --limit 0", "*--limit takes a whole number from 1 to 2147483647, not \"0\".*")]
    [InlineData("list --history", "*--history needs a slot: add --slot NAME.*")]
    [InlineData("list --timeout soon", "*--timeout takes a time such as 30s, 5m or 1h*")]
    [InlineData("list --server team.example", "*\"team.example\" is not a server URL*")]
    [InlineData("list --server http://team.example", "*is plain http to another machine*--insecure.*")]
    [InlineData("list --profile work", "*There is no profile \"work\"; none is saved yet.*")]
    [InlineData("list --token-file nowhere", "*nowhere: no such file.*")]
    [InlineData("--images big", "*--images takes auto, kitty, iterm, sixel, octants, sextants, blocks or off, not \"big\".*")]
    [InlineData("post", "*Nothing to post*")]
    [InlineData("post --captoin foo a.png", "*'--captoin'. Did you mean --caption?*")]
    [InlineData("reply 01kb3v8sxq7m2c4w9e5r1t0y6z --delet foo", "*'--delet'. Did you mean --delete?*\"stories reply --help\"*")]
    [InlineData("reply 01kb3v8sxq7m2c4w9e5r1t0y6z --delet=a\nb", "*'--delet=a b'. Did you mean --delete?*")]
    [InlineData("run --nosuch -- echo x", "*'--nosuch'. Put words that begin with - and are not options after --.*")]
    [InlineData("lst --help", "*'lst'. Did you mean list?*")]
    [InlineData("token crate --help", "*'crate'. Did you mean create?*\"stories token --help\"*")]
    [InlineData("list --all --limit 3", "*--all and --limit exclude each other.*")]
    [InlineData("config set players.video []", "*A player needs at least a program name.*")]
    [InlineData("config set players.video [1]", "*or one JSON array of them*")]
    [InlineData("post a.jpg --text b", "*--text posts a story of its own*")]
    public async Task Wrong_usage_ends_with_2_and_says_what_is_right(string commandLine, string message)
    {
        var ran = await _shell.RunAsync(commandLine.Split(' '));

        ran.ExitCode.Should().Be(2);
        ran.Out.Should().BeEmpty();
        ran.Error.Should().StartWith("stories: ").And.Match(message);
    }

    [Theory]
    [InlineData("""{"keys":{"replay":"x"}}""", "*keys.replay*did you mean keys.reply?*")]
    [InlineData("""{"keys":{"reply":"n"}}""", "*keys.*n already means*")]
    public async Task Keys_that_cannot_be_end_the_terminal_with_2_before_it_opens(string settings, string message)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_shell.ConfigFile.Path)!);
        File.WriteAllText(_shell.ConfigFile.Path, settings);
        File.SetUnixFileMode(_shell.ConfigFile.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _shell.Environment["STORIES_TOKEN"] = "sty_unused";
        _shell.HasTerminal = true;

        var ran = await _shell.RunAsync();

        ran.ExitCode.Should().Be(2);
        ran.Error.Should().Match(message);
    }

    [Fact]
    public async Task A_way_to_show_pictures_that_nobody_knows_ends_with_2_wherever_it_was_set()
    {
        _shell.HasTerminal = true;
        var settings = _shell.ConfigFile.Load();
        _shell.ConfigFile.Save(settings with { Images = "big" });
        var byConfig = await _shell.RunAsync();
        _shell.ConfigFile.Save(settings);
        _shell.Environment["STORIES_IMAGES"] = "bigger";
        var byEnvironment = await _shell.RunAsync();

        byConfig.ExitCode.Should().Be(2);
        byConfig
            .Error.Should()
            .Match("stories: *: \"images\" cannot be \"big\". Known values: auto, kitty, iterm, sixel, octants, sextants, blocks, off.\n");
        byEnvironment.ExitCode.Should().Be(2);
        byEnvironment
            .Error.Should()
            .Be("stories: STORIES_IMAGES takes auto, kitty, iterm, sixel, octants, sextants, blocks or off, not \"bigger\".\n");
    }

    [Fact]
    public async Task A_misspelt_setting_ends_with_2()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_shell.ConfigFile.Path)!);
        File.WriteAllText(_shell.ConfigFile.Path, """{"playrs":{}}""");
        File.SetUnixFileMode(_shell.ConfigFile.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var ran = await _shell.RunAsync("whoami");

        ran.ExitCode.Should().Be(2);
        ran.Error.Should().Contain("Did you mean \"players\"?");
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
        ran.Error.Should().Be("stories: Nothing listens at http://127.0.0.1:1. Check the server URL, and that the server is running.\n");
    }

    [Fact]
    public async Task The_time_limit_ends_with_7()
    {
        _shell.Environment["STORIES_TOKEN"] = "sty_x";
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();

        var ran = await _shell.RunAsync("list", "--timeout", "1", "--server", $"http://{silent.LocalEndpoint}");

        ran.ExitCode.Should().Be(7);
        ran.Error.Should().Be("stories: The command did not finish within 1 s, the limit set by --timeout.\n");
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

    [Theory]
    [InlineData("reply 01kb3v8sxq7m2c4w9e5r1t0y6z -- --delet")]
    [InlineData("reply 01kb3v8sxq7m2c4w9e5r1t0y6z -")]
    [InlineData("post --text --caption")]
    public async Task A_word_that_is_meant_to_begin_with_a_dash_may(string commandLine)
    {
        _shell.Environment["STORIES_TOKEN"] = "sty_x";

        var ran = await _shell.RunAsync([.. "--retry 0 --server http://127.0.0.1:1".Split(' '), .. commandLine.Split(' ')]);

        ran.ExitCode.Should().Be(6, "the command line itself is right");
    }

    [Theory]
    [InlineData(404, "route_not_found")]
    [InlineData(405, "method_not_allowed")]
    public async Task A_server_that_is_older_ends_with_1_and_is_called_so(int status, string code)
    {
        var document = $$"""{"status":{{status}},"code":"{{code}}","title":"There is no such thing."}""";
        await using var old = new FixedServer(status, "application/problem+json", document);
        _shell.Environment["STORIES_TOKEN"] = "sty_x";
        _shell.Environment["STORIES_URL"] = old.Url;

        var ran = await _shell.RunAsync("wait", "01kb3v8sxq7m2c4w9e5r1t0y6z", "--replies", "1");

        ran.ExitCode.Should().Be(1, "the story may well be there");
        ran.Error.Should().Contain("it is older than this client");
        (await _shell.RunAsync("wait", "01kb3v8sxq7m2c4w9e5r1t0y6z", "--replies", "1", "--json")).Error.Should().Be(document + "\n");
    }

    [Fact]
    public async Task An_answer_of_another_shape_is_blamed_on_nobody()
    {
        await using var newer = new FixedServer(200, "application/json", """{"items":[{"id":7}]}""");
        _shell.Environment["STORIES_TOKEN"] = "sty_x";

        var ran = await _shell.RunAsync("list", "--server", newer.Url);

        ran.ExitCode.Should().Be(6);
        ran.Error.Should().Contain("newer than this client, or not a stories-server").And.NotContain("where JSON was expected");
    }

    [Theory]
    [InlineData(
        "token create --name ci",
        """{"id":"01kb3v8sxq7m2c4w9e5r1t0y6z","name":"ci"}""",
        "stories token revoke 01kb3v8sxq7m2c4w9e5r1t0y6z"
    )]
    [InlineData("invite create", """{"id":"01kb3v8sxq7m2c4w9e5r1t0y6z"}""", "stories invite revoke 01kb3v8sxq7m2c4w9e5r1t0y6z")]
    public async Task A_secret_that_was_lost_on_the_way_is_said_to_be(string commandLine, string repeated, string remedy)
    {
        await using var server = new FixedServer(201, "application/json", repeated);
        _shell.Environment["STORIES_TOKEN"] = "sty_x";
        _shell.Environment["STORIES_URL"] = server.Url;

        var ran = await _shell.RunAsync(commandLine.Split(' '));

        ran.ExitCode.Should().Be(1);
        ran.Out.Should().BeEmpty();
        ran.Error.Should().Contain("was created, but the answer with its secret was lost").And.Contain(remedy);
    }

    [Fact]
    public async Task A_file_name_forges_no_line()
    {
        var ran = await _shell.RunAsync("list", "--token-file", "no\nPosted it all.\tReally");

        ran.Error.Should().Be("stories: no Posted it all. Really: no such file.\n");
    }

    [Fact]
    public async Task Without_a_terminal_stories_alone_is_help()
    {
        var ran = await _shell.RunAsync();

        ran.ExitCode.Should().Be(0);
        ran.Out.Should().StartWith("Share stories with a small team.").And.Contain("Host:");
    }

    [Fact]
    public async Task The_version_is_one_line() =>
        (await _shell.RunAsync("--version")).Out.Should().MatchRegex(@"\Astories \d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?\n\z");
}
