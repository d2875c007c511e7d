using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StoriesCli.Server.Storage.Files;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

/// <summary><c>stories-server --check-config</c>, as a program of its own.</summary>
public sealed class ConfigCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Options_that_a_start_accepts_are_valid_and_nothing_is_made()
    {
        var (data, log, socket) = (
            Path.Combine(_folder, "data"),
            Path.Combine(_folder, "logs", "server.log"),
            Path.Combine(_folder, "s.sock")
        );

        var run = await CheckAsync("--data", data, "--log-file", log, "--listen", $"http://127.0.0.1:0,unix:{socket}");

        run.Should().Match<CommandRun>(it => it.ExitCode == 0 && it.Out == "the configuration is valid\n" && it.Error == "");
        Directory.EnumerateFileSystemEntries(_folder).Should().BeEmpty();
    }

    [Fact]
    public async Task A_bucket_is_asked_and_nothing_is_written_there()
    {
        var service = await SwiftServer.SharedAsync();
        var bucket = await service.MakeBucketAsync();

        (await CheckBucketAsync(bucket, service.Url)).Should().Match<CommandRun>(it => it.ExitCode == 0 && it.Error == "");
        (await service.KeysAsync(bucket)).Should().BeEmpty();
        (await CheckBucketAsync("no-such-bucket", service.Url))
            .Should()
            .Match<CommandRun>(it => it.ExitCode == 2 && it.Error.Contains("--media: ") && it.Error.Contains("there is no bucket"));
        (await CheckBucketAsync(bucket, new("http://127.0.0.1:1")))
            .Should()
            .Match<CommandRun>(it => it.ExitCode == 2 && it.Error.Contains("--media: ") && it.Error.Contains("could not"));

        Task<CommandRun> CheckBucketAsync(string name, Uri url) =>
            CheckAsync(
                "--data",
                Path.Combine(_folder, "data"),
                "--listen",
                "http://127.0.0.1:0",
                "--media",
                $"s3://{name}/media",
                "--s3-endpoint",
                url.ToString(),
                "--s3-credentials",
                service.CredentialsFile
            );
    }

    [Fact]
    public async Task All_faults_are_told_at_once_and_an_address_in_use_with_them()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var data = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "notes.txt"), "mine");

        var run = await CheckAsync(
            "--data",
            data,
            "--log-file",
            data,
            "--vips-library",
            "/bin/true",
            "--listen",
            $"http://{taken.LocalEndpoint}"
        );

        run.ExitCode.Should().Be(2);
        run.Out.Should().BeEmpty();
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .HaveCount(4)
            .And.OnlyContain(line => line.StartsWith("stories-server: "))
            .And.ContainSingle(line => line.Contains("notes.txt"))
            .And.ContainSingle(line => line.Contains("--log-file") && line.Contains("is a directory"))
            .And.ContainSingle(line => line.Contains("--vips-library cannot be used"))
            .And.ContainSingle(line => line.Contains("another program listens there"));
        Directory.EnumerateFileSystemEntries(data).Should().ContainSingle();
    }

    [Fact]
    public async Task An_address_in_use_alone_is_no_fault_of_the_options()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var run = await CheckAsync("--data", Path.Combine(_folder, "data"), "--listen", $"http://{taken.LocalEndpoint}");

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("another program listens there");
    }

    [Fact]
    public async Task Faults_of_values_names_and_file_are_told_as_a_start_tells_them()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "server.json"), """{ "quota": "5GiB", "min-ttl": "soon" }""");

        var check = await CheckAsync("--data", data, "--post-rate", "0");
        var start = await RunAsync("--data", data, "--post-rate", "0");

        check.ExitCode.Should().Be(2);
        check.Error.Should().Contain("\"quota\"").And.Contain("min-ttl").And.Contain("--post-rate");
        (start.ExitCode, start.Error).Should().Be((check.ExitCode, check.Error));
    }

    [Fact]
    public async Task What_this_directorys_own_server_uses_is_free_for_its_next_start()
    {
        var socket = Path.Combine(_folder, "api.sock");
        var metrics = Path.Combine(_folder, "metrics.sock");
        await using var host = await ServerHost.StartAsync(options =>
            options with
            {
                Listen = [.. options.Listen, new($"unix:{socket}", null, 0, socket)],
                MetricsListen = new($"unix:{metrics}", null, 0, metrics),
            }
        );
        string[] listen = ["--listen", $"http://0.0.0.0:{host.Url.Port},unix:{socket}", "--metrics-listen", $"unix:{metrics}"];

        (await CheckAsync(["--data", host.DataPath, .. listen])).Should().Match<CommandRun>(run => run.ExitCode == 0);
        var other = await CheckAsync(["--data", Path.Combine(_folder, "other"), .. listen]);
        other.ExitCode.Should().Be(1);
        other.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        (await CheckAsync("--data", host.DataPath, "--listen", $"http://{taken.LocalEndpoint}")).ExitCode.Should().Be(1);
    }

    [Fact]
    public async Task A_directory_with_half_a_restore_is_refused_as_at_a_start()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, UnfinishedRestore.MarkName), "");

        var run = await CheckAsync("--data", _folder, "--listen", "http://127.0.0.1:0");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("stories-server restore");
    }

    [Fact]
    public async Task Root_checks_as_the_owner_of_the_directory()
    {
        if (!FolderUser.IsRoot)
        {
            // Only root can act as somebody else.
            return;
        }
        var data = DataOfNobody();
        var log = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "roots")).FullName, "server.log");

        var run = await CheckAsync("--data", data, "--listen", "http://127.0.0.1:0", "--log-file", log);

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain($"--log-file {log} cannot be written");
    }

    [Fact]
    public async Task What_the_server_cannot_write_is_found_by_the_check_as_by_a_start()
    {
        // No mode tells that /proc takes no files.
        string[] options = ["--data", "/proc/stories", "--log-file", "/proc/logs/server.log", "--listen", "http://127.0.0.1:0"];

        var (check, start) = (await CheckAsync(options), await RunAsync(options));

        check.ExitCode.Should().Be(2);
        check
            .Error.Should()
            .Be(
                "stories-server: --data /proc/stories cannot be written: the file system of /proc takes no files\n"
                    + "stories-server: --log-file /proc/logs/server.log cannot be written: the file system of /proc takes no files\n"
            );
        (start.ExitCode, start.Error).Should().Be((check.ExitCode, check.Error));
    }

    [Theory]
    [InlineData("media")]
    [InlineData("media/a7")]
    [InlineData("tmp")]
    [InlineData("stories.db")]
    public async Task What_root_left_in_the_directory_of_another_account_is_found(string left)
    {
        if (!FolderUser.IsRoot)
        {
            // Only root can leave something that another account may not open.
            return;
        }
        var data = DataOfNobody();
        var path = Path.Combine(data, left);
        if (left == "stories.db")
        {
            await File.WriteAllTextAsync(path, "");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        else
        {
            Directory.CreateDirectory(path);
        }
        for (var above = Path.GetDirectoryName(path)!; above != data; above = Path.GetDirectoryName(above)!)
        {
            FolderUser.Give(above, (Nobody, Nobody));
        }

        var run = await CheckAsync("--data", data, "--listen", "http://127.0.0.1:0");

        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith($"stories-server: --data {data} cannot be used").And.Contain(path);
    }

    [Fact]
    public async Task Files_that_the_account_of_the_server_cannot_read_are_named()
    {
        if (!FolderUser.IsRoot)
        {
            return;
        }
        var closed = Directory.CreateDirectory(Path.Combine(_folder, "closed")).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (certificate, key) = (Path.Combine(closed, "c.pem"), Path.Combine(_folder, "k.pem"));
        await File.WriteAllTextAsync(certificate, "");
        await File.WriteAllTextAsync(key, "");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var run = await CheckAsync("--data", DataOfNobody(), "--tls-certificate", certificate, "--tls-key", key);

        run.ExitCode.Should().Be(2);
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .Equal(
                $"stories-server: --tls-certificate names \"{certificate}\", which cannot be used: permission denied",
                $"stories-server: --tls-key names \"{key}\", which cannot be used: permission denied"
            );
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_file_is_refused_at_once()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        var (file, key) = (Path.Combine(data, "server.json"), Path.Combine(_folder, "key"));
        (await CommandRun.OfAsync(new ProcessStartInfo("mkfifo", [file, key]))).Succeeded();

        var check = await CheckAsync("--data", data, "--tls-key", key).WaitAsync(TimeSpan.FromSeconds(60));
        var verify = await RunAsync("verify", key).WaitAsync(TimeSpan.FromSeconds(60));

        check.ExitCode.Should().Be(2);
        check
            .Error.Should()
            .Contain("server.json cannot be used: it is a pipe or a device")
            .And.Contain($"--tls-key names \"{key}\", which cannot be used: it is a pipe or a device");
        verify.ExitCode.Should().Be(1);
        verify.Error.Should().Contain("is a pipe or a device");
    }

    [Fact]
    public async Task The_command_to_join_can_be_copied_whatever_the_directory_is_called()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "Ana's data")).FullName;
        (await CommandRun.OfAsync(new ProcessStartInfo("tar", ["-xzf", FixtureTests.FixturePath(1), "-C", data]))).Succeeded();
        File.Delete(Path.Combine(data, "known.txt"));

        var line = (await RunAsync("owner-invite", "--data", data)).Succeeded().Out;

        var command = line[line.IndexOf("stories join", StringComparison.Ordinal)..];
        var copied = await CommandRun.OfAsync(
            new ProcessStartInfo("sh", ["-c", $"stories() {{ printf '%s\\n' \"$@\"; cat; }}\n{command}"])
        );
        copied.Succeeded().Out.Should().StartWith("join\nhttp://127.0.0.1:7867\n--handle\nNAME\nsti_");
    }

    private const uint Nobody = 65534;

    private string DataOfNobody()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        FolderUser.Give(data, (Nobody, Nobody));
        return data;
    }

    private static Task<CommandRun> CheckAsync(params string[] options) => RunAsync([.. options, "--check-config"]);

    private static Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(new ProcessStartInfo(ServerProgram.Path, arguments));
}
