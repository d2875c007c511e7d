using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

/// <summary><c>stories-server status</c>, as a program of its own.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-status-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_option_is_told_with_its_value_and_where_it_comes_from()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "server.json"), """{ "max-ttl": "12h", "min-ttl": "1m", "disk-floor": "7GiB" }""");
        var start = Program("--data", data, "--listen", "http://127.0.0.1:0", "--log-level", "error", "--min-ttl", "2m");
        start.Environment["STORIES_SERVER_DISK_FLOOR"] = "0";
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        using var server = Process.Start(start)!;
        try
        {
            await Eventually.TrueAsync(async () => (await RunAsync("health", "--data", data)).ExitCode == 0);

            var json = JsonNode.Parse((await RunAsync("status", "--data", data, "--json")).Succeeded().Out)!;
            var text = (await RunAsync("status", "--data", data)).Succeeded().Out;

            var options = json["options"]!
                .AsArray()
                .ToDictionary(it => (string)it!["name"]!, it => ((string)it!["value"]!, (string)it["source"]!));
            options["data"].Should().Be((data, "argument"));
            options["min-ttl"].Should().Be(("2m", "argument"));
            options["max-ttl"].Should().Be(("12h", "file"));
            options["disk-floor"].Should().Be(("0", "environment"));
            options["default-ttl"].Should().Be(("12h", "default"), "a narrowed range moves the default into it");
            options["quota-total"].Should().Be(("50GiB", "default"));
            options.Keys.Should().Equal(Server.Hosting.OptionTable.All.Select(option => option.Name));
            text.Should().MatchRegex(@"\nmin-ttl +2m \(argument\)\n").And.MatchRegex(@"\nmax-ttl +12h \(file\)\n");
            ((bool)json["ready"]!).Should().BeTrue();
            ((long)json["uptimeSeconds"]!).Should().BeInRange(0, 600);
            json["listening"]!
                .AsArray()
                .Select(it => (string)it!)
                .Should()
                .Contain(it => it.StartsWith("http://127.0.0.1:") && !it.EndsWith(":0"));
            json["listening"]!.AsArray().Select(it => (string)it!).Should().Contain($"unix:{data}/admin.sock");
            var invite = (await File.ReadAllTextAsync(Path.Combine(data, "owner-invite"))).Trim();
            (json.ToJsonString() + text).Should().NotContain(invite[..12]);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Data_backup_and_certificate_are_told()
    {
        var (certificate, key, end) = Certificate();
        await using var host = await ServerHost.StartAsync(options => options with { TlsCertificate = certificate, TlsKey = key });

        var before = JsonNode.Parse((await RunAsync("status", "--data", host.DataPath, "--json")).Succeeded().Out)!;
        (await RunAsync("backup", Path.Combine(_folder, "a.tar"), "--data", host.DataPath)).Succeeded();
        var after = JsonNode.Parse((await RunAsync("status", "--data", host.DataPath, "--json")).Succeeded().Out)!;
        var text = (await RunAsync("status", "--data", host.DataPath)).Succeeded().Out;

        before["lastBackup"].Should().BeNull();
        ((DateTimeOffset)after["lastBackup"]!["finishedAt"]!).Should().Be(host.Clock.GetUtcNow());
        after["lastBackup"]!["by"].Should().BeNull("the host took it, on the machine");
        ((DateTimeOffset)after["certificate"]!["endsAt"]!).Should().Be(end);
        ((string)after["data"]!["path"]!).Should().Be(host.DataPath);
        ((long)after["data"]!["databaseBytes"]!).Should().BePositive();
        ((long)after["disk"]!["freeBytes"]!).Should().BePositive();
        text.Should()
            .MatchRegex(@"^stories-server \S+ is ready\.\n")
            .And.Contain("last backup   finished 2026-11-22 18:00:00 UTC, taken by the host\n")
            .And.Contain($"certificate   {certificate} ends ")
            .And.NotContain("PRIVATE KEY");
    }

    [Fact]
    public async Task Accounts_and_stories_are_counted()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        await ana.Stories.PostTextAsync(new NewStory { Text = "seven b" }, "1");

        var json = JsonNode.Parse((await RunAsync("status", "--data", host.DataPath, "--json")).Succeeded().Out)!;
        var text = (await RunAsync("status", "--data", host.DataPath)).Succeeded().Out;

        ((int)json["data"]!["accounts"]!).Should().Be(1);
        json["data"]!["stories"]!.AsArray().Should().ContainSingle();
        ((string)json["data"]!["stories"]![0]!["kind"]!).Should().Be("text");
        ((long)json["data"]!["stories"]![0]!["bytes"]!).Should().Be(7);
        text.Should().Contain("stories       1 with 7 B: 1 text\n").And.Contain("certificate   none\n");
    }

    [Fact]
    public async Task A_server_that_is_not_ready_tells_its_status_all_the_same()
    {
        await using var host = await ServerHost.StartAsync(options => options with { DiskFloorBytes = long.MaxValue });

        var run = await RunAsync("status", "--data", host.DataPath);

        run.ExitCode.Should().Be(0);
        run.Out.Should().Contain(" is not ready.\n").And.Contain("note          disk has ");
    }

    [Fact]
    public async Task Without_a_server_there_is_no_status()
    {
        var run = await RunAsync("status", "--data", _folder);

        run.ExitCode.Should().Be(1);
        run.Out.Should().BeEmpty();
        run.Error.Should().Be($"stories-server: no server runs on {_folder}: there is no admin.sock\n");
    }

    private (string Certificate, string Key, DateTimeOffset End) Certificate()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=status", ecdsa, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(30)
        );
        var (certificate, key) = (Path.Combine(_folder, "c.pem"), Path.Combine(_folder, "k.pem"));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(key, ecdsa.ExportPkcs8PrivateKeyPem());
        return (certificate, key, made.NotAfter.ToUniversalTime());
    }

    private static Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(Program(arguments));

    private static ProcessStartInfo Program(params string[] arguments) => new(ServerProgram.Path, arguments);
}
