using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class HealthTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-health-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Whether_it_is_well_is_told_to_anybody_by_GET_and_HEAD(string path)
    {
        await using var host = await ServerHost.StartAsync();
        using var nobody = host.Wire(token: null);

        (await nobody.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
        (await nobody.SendAsync(HttpMethod.Head, path, null)).Status.Should().Be(HttpStatusCode.OK);
        (await nobody.SendAsync(HttpMethod.Delete, path, null)).Code.Should().Be("method_not_allowed");
    }

    [Fact]
    public async Task A_ready_server_says_so_through_its_socket_and_at_its_address()
    {
        await using var host = await ServerHost.StartAsync();

        (await HealthAsync("--data", host.DataPath)).Should().Match<CommandRun>(run => run.ExitCode == 0 && run.Out == "ready\n");
        (await HealthAsync("--url", host.Url.ToString())).Should().Match<CommandRun>(run => run.ExitCode == 0 && run.Out == "ready\n");
    }

    [Fact]
    public async Task A_server_that_is_not_ready_says_why_in_one_line()
    {
        await using var host = await ServerHost.StartAsync(options => options with { DiskFloorBytes = long.MaxValue });

        foreach (var run in new[] { await HealthAsync("--data", host.DataPath), await HealthAsync("--url", host.Url.ToString()) })
        {
            run.ExitCode.Should().Be(1);
            run.Out.Should().BeEmpty();
            run.Error.Should().StartWith("stories-server: not ready: disk has ").And.EndWith("\n");
            run.Error.Count(c => c == '\n').Should().Be(1);
        }
    }

    [Fact]
    public async Task A_server_that_is_ready_tells_what_to_look_at_in_the_same_line()
    {
        await using var host = await ServerHost.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(host.DataPath, "stories.db.damaged"), "kept");

        var run = await HealthAsync("--data", host.DataPath);

        run.ExitCode.Should().Be(0);
        run.Out.Should().StartWith("ready; damage: stories.db.damaged is a copy").And.EndWith("\n");
        run.Out.Count(c => c == '\n').Should().Be(1);
    }

    [Fact]
    public async Task A_server_that_is_away_is_not_ready()
    {
        var host = await ServerHost.StartAsync();
        var (data, url) = (host.DataPath, host.Url.ToString());
        await host.StopAsync();

        (await HealthAsync("--data", data))
            .Should()
            .Match<CommandRun>(run => run.ExitCode == 1 && run.Error.StartsWith($"stories-server: the server on {data} does not answer: "));
        (await HealthAsync("--url", url))
            .Should()
            .Match<CommandRun>(run => run.ExitCode == 1 && run.Error.StartsWith($"stories-server: {url} does not answer: "));
        await host.StartAgainAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task The_wait_for_a_server_that_hangs_is_bounded()
    {
        // The system accepts the connection, and nobody answers.
        using var hung = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        hung.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "admin.sock")));
        hung.Listen();

        var run = await HealthAsync("--data", _folder);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Be($"stories-server: the server on {_folder} does not answer within 4 s\n");
    }

    [Fact]
    public async Task Another_program_at_the_address_is_not_taken_for_the_server()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            (await stream.ReadAsync(new byte[4096])).Should().BePositive();
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n"u8.ToArray());
        });

        var run = await HealthAsync("--url", $"http://{listener.LocalEndpoint}");

        await answering;
        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("is not a stories-server");
    }

    [Theory]
    [InlineData("--url", "ftp://127.0.0.1")]
    [InlineData("--url", "127.0.0.1:7867")]
    [InlineData("--url", "http://ana:secret@127.0.0.1:7867")]
    [InlineData("--url", "http://127.0.0.1:7867", "--data", "/nowhere")]
    [InlineData("--data", "")]
    public async Task What_cannot_be_asked_is_a_fault_of_usage(params string[] options) =>
        (await HealthAsync(options)).Should().Match<CommandRun>(run => run.ExitCode == 2 && run.Error.StartsWith("stories-server: "));

    [Fact]
    public async Task Options_that_became_wrong_since_the_start_are_no_matter_of_health()
    {
        await using var host = await ServerHost.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(host.DataPath, "server.json"), """{ "tls-certificate": "/gone" }""");

        (await HealthAsync("--data", host.DataPath)).ExitCode.Should().Be(0);
    }

    private static Task<CommandRun> HealthAsync(params string[] options) =>
        CommandRun.OfAsync(new ProcessStartInfo(ServerProgram.Path, ["health", .. options]));
}
