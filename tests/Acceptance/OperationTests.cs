using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

public sealed class OperationTests
{
    [Fact]
    public async Task A_second_server_on_the_same_directory_is_refused()
    {
        await using var server = await RealServer.StartAsync();

        var second = await RealServer.RunAsync("--data", server.DataPath, "--listen", "http://127.0.0.1:0");

        second.ExitCode.Should().Be(1);
        second
            .Error.Trim()
            .Should()
            .StartWith("stories-server: ")
            .And.Contain(server.DataPath)
            .And.NotContain("\n")
            .And.NotContain("   at ");
    }

    [Fact]
    public async Task Wrong_options_end_it_with_two_and_are_all_named()
    {
        var run = await RealServer.RunAsync("--min-ttl", "soon", "--quota-total", "lots", "--log-format", "xml", "--listen", "nowhere");

        run.ExitCode.Should().Be(2);
        run.Error.Should()
            .Contain("--min-ttl")
            .And.Contain("\"soon\"")
            .And.Contain("--quota-total")
            .And.Contain("\"lots\"")
            .And.Contain("--log-format")
            .And.Contain("\"xml\"")
            .And.Contain("--listen")
            .And.Contain("\"nowhere\"");
    }

    [Fact]
    public async Task All_faults_are_told_at_once_also_beside_an_unknown_option()
    {
        var run = await RealServer.RunAsync("--bogus", "--data", "", "--min-ttl", "soon");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("--bogus").And.Contain("--data is empty").And.Contain("\"soon\"");
    }

    [Theory]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("taken")]
    public async Task A_start_that_fails_is_told_in_one_sentence(string address)
    {
        await using var other = await RealServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("stories-acceptance-");

        var run = await RealServer.RunAsync(
            "--data",
            Path.Combine(folder.FullName, "data"),
            "--listen",
            address == "taken" ? other.Url.ToString() : address
        );

        folder.Delete(recursive: true);
        run.ExitCode.Should().Be(1);
        run.Error.Trim().Should().StartWith("stories-server: ").And.NotContain("\n");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(60)]
    [InlineData(4_000)]
    public async Task A_limit_on_the_size_of_files_is_told_in_words(int kibibytes)
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        foreach (var sample in new[] { "photo.jpg", "video.mp4" })
            (await ana.StoriesAsync("post", Published.Sample(sample))).Succeeded();
        var folder = Directory.CreateTempSubdirectory("stories-acceptance-").FullName;
        var whole = Path.Combine(folder, "whole.tar");
        (await RealServer.RunAsync("backup", "--data", server.DataPath, whole)).Succeeded();

        string[][] commands =
        [
            ["backup", "--data", server.DataPath, Path.Combine(folder, "b.tar")],
            ["restore", whole, "--data", Path.Combine(folder, "restored")],
            ["--data", Path.Combine(folder, "new"), "--listen", "http://127.0.0.1:0"],
        ];
        foreach (var command in commands)
        {
            // A server that can live with the limit would go on for ever: it is stopped.
            var run = await CommandRun.OfAsync(
                new("bash", ["-c", $"ulimit -f {kibibytes}; timeout --preserve-status 5 \"$0\" \"$@\"", Published.Server, .. command])
            );

            run.Error.Should().NotContain("   at ").And.NotContain("Unhandled");
            run.ExitCode.Should().BeOneOf([0, 1], $"{string.Join(' ', command)}: {run.Error}");
            if (run.ExitCode == 1)
                run.Error.Should().Contain("ulimit -f");
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Of_two_servers_that_start_at_once_on_one_socket_one_listens()
    {
        var folder = Directory.CreateTempSubdirectory("stories-acceptance-").FullName;
        var socket = Path.Combine(folder, "api.sock");
        var script =
            $"for n in 1 2 3 4; do timeout --preserve-status 6 \"$0\" --data {folder}/$n --disk-floor 0 --listen unix:{socket} 2>{folder}/$n.log & done; wait";

        await CommandRun.OfAsync(new("bash", ["-c", script, Published.Server]));

        var logs = Enumerable.Range(1, 4).Select(n => File.ReadAllText(Path.Combine(folder, $"{n}.log"))).ToList();
        logs.Count(log => log.Contains("INF stories-server", StringComparison.Ordinal)).Should().Be(1, string.Join('\n', logs));
        logs.Count(log => log.Contains("nother server listens", StringComparison.Ordinal)).Should().Be(3);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_folder_that_was_open_is_closed_to_others()
    {
        var folder = Directory.CreateTempSubdirectory("stories-acceptance-");
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        await using var server = await RealServer.StartAsync();

        var run = await RealServer.RunAsync("--data", folder.FullName, "--listen", server.Url.ToString());

        var mode = File.GetUnixFileMode(folder.FullName);
        folder.Delete(recursive: true);
        run.ExitCode.Should().Be(1);
        mode.Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task The_command_line_starts_the_server_that_lies_beside_it()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        var second = await ana.StoriesAsync("serve", "--data", server.DataPath);

        second.ExitCode.Should().Be(1);
        second.Error.Should().StartWith("stories-server: ").And.Contain(server.DataPath);
    }

    [Fact]
    public async Task An_unknown_option_ends_it_with_two_and_is_named()
    {
        var run = await RealServer.RunAsync("--dta", "x");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("--dta");
    }

    [Fact]
    public async Task A_termination_signal_ends_it_with_zero_and_keeps_all()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var id = (await ana.StoriesAsync("post", "--text", "still here", "--quiet")).Succeeded().Out.Trim();

        (await server.TerminateAsync()).Should().Be(0);

        await server.RestartAsync();
        using var http = ana.Http();
        (await http.GetStringAsync($"/v1/stories/{id}/media")).Should().Be("still here");
        (await http.GetStringAsync("/readyz")).Should().Be("ready\n");
    }

    [Fact]
    public async Task Nobody_else_may_read_the_data()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        (await ana.StoriesAsync("post", Published.Sample("photo.jpg"))).Succeeded();

        var open = new DirectoryInfo(server.DataPath)
            .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Append(new DirectoryInfo(server.DataPath))
            .Where(entry =>
                (entry.UnixFileMode & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite))
                != 0
            );

        open.Select(entry => $"{entry.FullName} {entry.UnixFileMode}").Should().BeEmpty();
        File.Exists(Path.Combine(server.DataPath, "owner-invite")).Should().BeFalse();
    }
}
