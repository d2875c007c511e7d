using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Hosting;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class StartCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_fault_is_told_at_once_and_nothing_is_touched()
    {
        var file = Write("file");
        var flags = new[]
        {
            "--data",
            Path.Combine(file, "data"),
            "--log-file",
            Path.Combine(file, "server.log"),
            "--listen",
            $"unix:{file}",
            "--metrics-listen",
            "http://no-such-host.invalid:1",
            "--ffmpeg",
            "/bin/false",
        };
        var faults = Faults(flags);

        faults.Should().HaveCount(5);
        faults
            .Should()
            .Contain(it => it.StartsWith("--data") && it.Contains("is a file"))
            .And.Contain(it => it.StartsWith("--log-file") && it.Contains("is a file"))
            .And.Contain(it => it.StartsWith("--listen unix:") && it.Contains("something else than a socket"))
            .And.Contain(it => it.StartsWith("--metrics-listen http://no-such-host.invalid:1"))
            .And.Contain(it => it.StartsWith("--ffmpeg /bin/false") && it.Contains("does not run"));
        (await ServerCommand.RunAsync(flags, Program.Build)).Should().Be(2);
        Directory.EnumerateFileSystemEntries(_folder).Should().ContainSingle();
        (await File.ReadAllTextAsync(file)).Should().Be("file", "what lies at a socket's path is not ours to remove");
    }

    [Fact]
    public void A_log_file_must_be_one_that_can_be_written()
    {
        Directory.CreateDirectory(Path.Combine(_folder, $"taken{DateTime.Now:yyyyMMdd}.log"));

        Faults("--log-file", _folder).Should().ContainSingle().Which.Should().Contain("is a directory");
        Faults("--log-file", Path.Combine(_folder, "logs") + "/").Should().ContainSingle().Which.Should().Contain("is a directory");
        Faults("--log-file", Path.Combine(_folder, "taken.log")).Should().ContainSingle().Which.Should().Contain("is no file");
        Faults("--log-file", Path.Combine(_folder, "data", "media", "x.log"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("keeps for its data");
        Faults("--log-file", Path.Combine(_folder, "new", "server.log")).Should().BeEmpty();
        Faults("--log-file", Path.Combine(_folder, "data", "server.log")).Should().BeEmpty();
        Read("--log-file", "").Faults.Should().ContainSingle().Which.Should().StartWith("--log-file");
        Faults("--log-file", "/proc/nothing/server.log")
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("--log-file /proc/nothing/server.log cannot be written");
        Directory.EnumerateFileSystemEntries(_folder).Should().ContainSingle("the check leaves nothing behind");
    }

    [Fact]
    public async Task A_second_server_leaves_the_socket_of_the_first_alone()
    {
        var socket = Path.Combine(_folder, "api.sock");
        await using var host = await ServerHost.StartAsync(o => o with { Listen = [.. o.Listen, new($"unix:{socket}", null, 0, socket)] });
        string[] flags =
        [
            "--data",
            Path.Combine(_folder, "data"),
            "--listen",
            $"unix:{socket}",
            "--metrics-listen",
            $"http://127.0.0.1:{host.Url.Port}",
        ];

        StartChecks
            .FindTaken(Read(flags).Options!)
            .Should()
            .HaveCount(2)
            .And.Contain(it => it.StartsWith("--listen unix:") && it.Contains("another server listens there"))
            .And.Contain(it => it.StartsWith("--metrics-listen") && it.Contains("another program listens there"));
        (await ServerCommand.RunAsync(flags, Program.Build)).Should().Be(1);

        (await AnswersAsync(socket)).Should().BeTrue();
    }

    [Fact]
    public async Task A_socket_that_a_killed_server_left_is_replaced()
    {
        var (bound, left) = (Path.Combine(_folder, "bound.sock"), Path.Combine(_folder, "left.sock"));
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            killed.Bind(new UnixDomainSocketEndPoint(bound));
            killed.Listen();
            File.Move(bound, left);
        }
        Path.Exists(left).Should().BeTrue();

        await using var host = await ServerHost.StartAsync(o => o with { Listen = [.. o.Listen, new($"unix:{left}", null, 0, left)] });

        (await AnswersAsync(left)).Should().BeTrue();
    }

    [Theory]
    [InlineData(-30, -1, "ended on")]
    [InlineData(1, 30, "begins on")]
    [InlineData(-1, 30, null)]
    public void A_certificate_must_hold_now(int from, int to, string? fault)
    {
        var (certificate, key) = Certificate(from, to);

        var faults = Faults("--tls-certificate", certificate, "--tls-key", key);

        faults.Count.Should().Be(fault is null ? 0 : 1);
        faults
            .All(it => it.StartsWith($"--tls-certificate {certificate} {fault}", StringComparison.Ordinal) && it.Contains("UTC now"))
            .Should()
            .BeTrue();
    }

    [Fact]
    public void A_key_must_belong_to_its_certificate_and_need_no_password()
    {
        var (certificate, _) = Certificate(-1, 30);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Read("--tls-certificate", certificate, "--tls-key", Write("other", other.ExportPkcs8PrivateKeyPem()))
            .Faults.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("does not belong");
        var closed = other.ExportEncryptedPkcs8PrivateKeyPem(
            "secret",
            new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)
        );
        Read("--tls-certificate", certificate, "--tls-key", Write("closed", closed))
            .Faults.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("password")
            .And.NotContain("secret");
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_told_once_a_day_and_measured()
    {
        var (certificate, key) = Certificate(-1, 30);
        var (metrics, logs) = (Path.Combine(_folder, "m.sock"), Path.Combine(_folder, "logs"));
        await using (
            var host = await ServerHost.StartAsync(o =>
                o with
                {
                    TlsCertificate = certificate,
                    TlsKey = key,
                    MetricsListen = new("", null, 0, metrics),
                    LogFile = Path.Combine(logs, "server.log"),
                    LogLevel = "warning",
                }
            )
        )
        {
            var end = TlsCertificate.TryReadTimes(certificate)!.Value.To;
            host.Clock.Advance(end - host.Clock.GetUtcNow() - TimeSpan.FromDays(5));
            for (var hour = 0; hour < 36; hour++)
                host.Clock.Advance(TimeSpan.FromHours(1));
            using var http = Through(metrics);
            (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative)))
                .Should()
                .Contain($"stories_tls_certificate_end_seconds {end.ToUnixTimeSeconds()}\n");
            await Eventually.TrueAsync(() => Lines(logs).Any(it => it.Contains("in 3 days") || it.Contains("in 4 days")));
        }
        Lines(logs)
            .Count(it => it.Contains($"The certificate in {certificate} ends on"))
            .Should()
            .BeInRange(1, 8, "once a day, not once an hour");
    }

    [Theory]
    [InlineData("/bin/false", "does not run: asked for its version it ended with 1 and said nothing")]
    [InlineData("/bin/ls", "does not run: asked for its version it ended with 2 and said: /bin/ls: ")]
    [InlineData("/bin/echo", "is no ffmpeg")]
    [InlineData("auto", null)]
    public void Ffmpeg_must_run(string program, string? fault)
    {
        var faults = Faults("--ffmpeg", program);

        faults.Count.Should().Be(fault is null ? 0 : 1);
        faults.All(it => it.Contains(fault!)).Should().BeTrue();
    }

    [Theory]
    [InlineData("/bin/false", "does not run: asked to convert a HEIC picture it ended with 1 and said nothing")]
    [InlineData("/bin/true", "is no converter of HEIC")]
    [InlineData("auto", null)]
    public void The_converter_of_HEIC_must_convert(string program, string? fault)
    {
        var faults = Faults("--heic", program);

        faults.Count.Should().Be(fault is null ? 0 : 1);
        faults.All(it => it.StartsWith($"--heic {program} {fault}", StringComparison.Ordinal)).Should().BeTrue();
    }

    [Theory]
    [InlineData("https://stories.example/", true)]
    [InlineData("https://stories.example/below", true)]
    [InlineData("https://stories.example/?x=1", false)]
    [InlineData("https://stories.example/#top", false)]
    [InlineData("https://ana:secret@stories.example", false)]
    [InlineData("stories.example", false)]
    [InlineData("ftp://stories.example", false)]
    [InlineData("", false)]
    public void The_base_of_links_is_an_address_and_nothing_more(string url, bool taken) =>
        Read("--base-url", url).Faults.Count.Should().Be(taken ? 0 : 1);

    [Theory]
    [InlineData("--listen", "http://127.0.0.1:7867,http://127.0.0.1:7867")]
    [InlineData("--listen", "http://ana:secret@127.0.0.1:7867")]
    [InlineData("--listen", "unix:/nowhere/at/all.sock")]
    [InlineData("--max-ttl", "1000000d")]
    public void What_could_never_work_is_refused(string flag, string value) =>
        Faults(flag, value).Should().ContainSingle().Which.Should().StartWith(flag);

    [Fact]
    public void A_socket_has_a_path_of_limited_length() =>
        Faults("--listen", $"unix:{_folder}/{new string('s', 120)}").Should().ContainSingle().Which.Should().Contain("may have 107");

    private (ServerOptions? Options, IReadOnlyList<string> Faults) Read(params string[] flags) =>
        new OptionReader(
            flags
                .Chunk(2)
                .Append(["--data", Path.Combine(_folder, "data")])
                .DistinctBy(it => it[0])
                .ToDictionary(it => it[0][2..], it => it[1]),
            new Dictionary<string, string>()
        ).Read();

    private IReadOnlyList<string> Faults(params string[] flags)
    {
        var (options, faults) = Read(flags);
        return options is null ? faults : StartChecks.FindFaults(options, TimeProvider.System);
    }

    private string Write(string name, string? text = null)
    {
        File.WriteAllText(Path.Combine(_folder, name), text ?? name);
        return Path.Combine(_folder, name);
    }

    private (string Certificate, string Key) Certificate(int from, int to)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=check", ecdsa, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(from),
            DateTimeOffset.UtcNow.AddDays(to)
        );
        return (Write("c.pem", made.ExportCertificatePem()), Write("k.pem", ecdsa.ExportPkcs8PrivateKeyPem()));
    }

    private static IEnumerable<string> Lines(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .SelectMany(path =>
            {
                using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                return reader.ReadToEnd().Split('\n');
            });

    private static async Task<bool> AnswersAsync(string socket)
    {
        using var http = Through(socket);
        return (await http.GetAsync(new Uri("/livez", UriKind.Relative))).StatusCode == HttpStatusCode.OK;
    }

    private static HttpClient Through(string socket) =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancel) =>
                {
                    var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
                    return new NetworkStream(connection, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new("http://server"),
        };
}
