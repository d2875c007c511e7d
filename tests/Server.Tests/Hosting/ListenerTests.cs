using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class ListenerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-listen-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Metrics_are_told_on_their_own_listener_and_nowhere_else()
    {
        var socket = Path.Combine(_folder, "m.sock");
        await using var host = await ServerHost.StartAsync(o => o with { MetricsListen = new("", null, 0, socket) });
        var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "{{TestMedia.LongText}}" }""")).Json.GetProperty("id").GetString()!;
        await ana.GetAsync("/v1/stories/nothing");
        await File.WriteAllTextAsync(Directory.GetFiles(host.DataPath, id, SearchOption.AllDirectories).Single(), "1234");
        await ana.GetAsync($"/v1/stories/{id}/media");
        using var http = Through(socket);

        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        text.Should()
            .Contain("stories_stored{kind=\"text\"} 1\n")
            .And.Contain("stories_stored_bytes{kind=\"text\"} 4097\n")
            .And.Contain("stories_http_requests_total{method=\"POST\",status=\"201\"} 2\n")
            .And.Contain("{method=\"GET\",status=\"404\"} 1\n")
            .And.Contain("stories_media_damaged 1\n")
            .And.Contain("stories_media_checked_files_total 0\n")
            .And.Contain("stories_media_check_age_seconds ")
            .And.Contain("stories_oldest_expired_seconds 0\n")
            .And.MatchRegex("stories_database_commit_seconds_bucket\\{le=\"\\+Inf\"\\} [1-9]")
            .And.Contain(
                "http_server_request_duration_seconds_count{url_scheme=\"http\",http_request_method=\"POST\",network_protocol_version=\"1.1\",http_response_status_code=\"201\",http_route=\"/v1/stories\"} 1\n"
            );
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            line.Should().MatchRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.E+-]+)$""");
        }
        (await http.GetAsync(new Uri("/v1/limits", UriKind.Relative))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await ana.GetAsync("/metrics")).Code.Should().Be("route_not_found");
    }

    [Fact]
    public async Task A_certificate_is_read_anew_when_it_changes_and_kept_when_the_new_one_is_broken()
    {
        var (certificate, key) = (Path.Combine(_folder, "c.pem"), Path.Combine(_folder, "k.pem"));
        WriteCertificate("first", certificate, key);
        await using var host = await ServerHost.StartAsync(o => o with { TlsCertificate = certificate, TlsKey = key });
        host.Url.Scheme.Should().Be("https");
        (await SubjectAsync(host)).Should().Be("CN=first");

        await File.WriteAllTextAsync(certificate, "broken");
        File.SetLastWriteTimeUtc(certificate, DateTime.UtcNow.AddMinutes(1));
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        (await SubjectAsync(host)).Should().Be("CN=first");
        WriteCertificate("second", certificate, key);
        File.SetLastWriteTimeUtc(certificate, DateTime.UtcNow.AddMinutes(2));
        host.Clock.Advance(TimeSpan.FromSeconds(2));

        (await SubjectAsync(host)).Should().Be("CN=second");
    }

    [Fact]
    public async Task HEAD_has_no_body_over_HTTP_2_either()
    {
        var (certificate, key) = (Path.Combine(_folder, "c.pem"), Path.Combine(_folder, "k.pem"));
        WriteCertificate("first", certificate, key);
        await using var host = await ServerHost.StartAsync(o => o with { TlsCertificate = certificate, TlsKey = key });
        using var http = new HttpClient(
            new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.Subject == "CN=first" } }
        );
        foreach (var path in new[] { "/v1/limits", "/openapi/v1.json", "/livez", "/v1/limits" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(host.Url, path))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var answer = await http.SendAsync(request);

            (answer.StatusCode, answer.Version, (await answer.Content.ReadAsByteArrayAsync()).Length)
                .Should()
                .Be((HttpStatusCode.OK, HttpVersion.Version20, 0), path);
        }
    }

    [Fact]
    public void A_broken_certificate_is_told_once_however_many_shake_hands()
    {
        var (certificate, key) = (Path.Combine(_folder, "c.pem"), Path.Combine(_folder, "k.pem"));
        WriteCertificate("first", certificate, key);
        var (clock, log) = (new FakeTimeProvider(), new RememberingLogger<TlsCertificate>());
        var held = new TlsCertificate(certificate, key, clock, log);
        var first = held.Current;

        File.WriteAllText(certificate, "broken");
        File.SetLastWriteTimeUtc(certificate, DateTime.UtcNow.AddMinutes(1));
        for (var i = 0; i < 5; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            held.Current.Should().BeSameAs(first);
        }

        log.Entries.Should().ContainSingle().Which.Message.Should().Contain(certificate).And.NotContain("   at ");
    }

    [Fact]
    public async Task Forwarded_addresses_count_only_when_a_trusted_proxy_tells_them()
    {
        async Task<bool> IsOthersLimited(Func<ServerOptions, ServerOptions> configure)
        {
            await using var host = await ServerHost.StartAsync(configure);
            var nobody = host.Wire(token: null);
            Task<WireAnswer> TryAs(string address) =>
                nobody.PostJsonAsync("/v1/join", """{ "code": "wrong", "handle": "eve" }""", ("X-Forwarded-For", address));
            while ((await TryAs("203.0.113.7")).Code != "rate_limited") { }
            return (await TryAs("203.0.113.8")).Code == "rate_limited";
        }

        (await IsOthersLimited(o => o)).Should().BeTrue("a header is nobody's word");
        (await IsOthersLimited(o => o with { TrustedProxies = TrustedProxies.Parse("10.0.0.0/8") })).Should().BeTrue();
        (await IsOthersLimited(o => o with { TrustedProxies = TrustedProxies.Parse("127.0.0.0/8, ::1") })).Should().BeFalse();
    }

    [Fact]
    public async Task Who_opens_a_socket_is_a_proxy_only_when_told_so()
    {
        async Task<bool> IsOthersLimited(TrustedProxies proxies)
        {
            var socket = Path.Combine(_folder, "api.sock");
            await using var host = await ServerHost.StartAsync(o =>
                o with
                {
                    TrustedProxies = proxies,
                    Listen = [.. o.Listen, new("", null, 0, socket)],
                }
            );
            using var http = Through(socket);
            async Task<HttpStatusCode> TryAs(string address)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/me");
                request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
                request.Headers.TryAddWithoutValidation("Authorization", "Bearer wrong");
                using var answer = await http.SendAsync(request);
                return answer.StatusCode;
            }
            while (await TryAs("203.0.113.9, 203.0.113.7") != HttpStatusCode.TooManyRequests) { }
            (await TryAs("198.51.100.1, 203.0.113.7"))
                .Should()
                .Be(HttpStatusCode.TooManyRequests, "what the client wrote before the proxy counts for nothing");
            return await TryAs("203.0.113.8") == HttpStatusCode.TooManyRequests;
        }

        (await IsOthersLimited(TrustedProxies.None)).Should().BeTrue();
        (await IsOthersLimited(TrustedProxies.Parse("unix"))).Should().BeFalse();
    }

    [Fact]
    public async Task Links_lead_where_a_trusted_proxy_says_and_nobody_else()
    {
        async Task<string> LinkAsync(TrustedProxies proxies, params (string, string)[] headers)
        {
            await using var host = await ServerHost.StartAsync(o => o with { TrustedProxies = proxies });
            using var ana = host.Wire(await host.JoinAsync("ana"));
            var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString();
            var link = new Uri((await ana.PostJsonAsync($"/v1/stories/{id}/links", "{}", headers)).Json.GetProperty("url").GetString()!);
            return link.GetLeftPart(UriPartial.Authority).Replace($":{host.Url.Port}", ":port", StringComparison.Ordinal);
        }
        var trusted = TrustedProxies.Parse("127.0.0.0/8, ::1");
        (string, string)[] forwarded =
        [
            ("X-Forwarded-For", "203.0.113.7"),
            ("X-Forwarded-Proto", "https"),
            ("Host", "inside"),
            ("X-Forwarded-Host", "stories.example"),
        ];

        (await LinkAsync(trusted, forwarded)).Should().Be("https://stories.example");
        (await LinkAsync(trusted, forwarded[..3])).Should().Be("https://inside");
        (await LinkAsync(TrustedProxies.Parse("10.0.0.0/8"), forwarded)).Should().Be("http://127.0.0.1:port");
        (await LinkAsync(TrustedProxies.None, forwarded)).Should().Be("http://127.0.0.1:port");
    }

    [Fact]
    public async Task A_socket_has_the_mode_that_the_host_chose()
    {
        var socket = Path.Combine(_folder, "api.sock");
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        async Task<UnixFileMode> ModeAsync(Func<ServerOptions, ServerOptions> configure)
        {
            await using var host = await ServerHost.StartAsync(o => configure(o with { Listen = [.. o.Listen, new("", null, 0, socket)] }));
            return File.GetUnixFileMode(socket);
        }

        (await ModeAsync(o => o)).Should().Be(owner);
        (await ModeAsync(o => o with { ListenMode = owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite }))
            .Should()
            .Be(owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
    }

    [Fact]
    public async Task The_host_gets_in_again_through_the_socket_or_when_the_server_is_stopped()
    {
        var host = await ServerHost.StartAsync();
        await using var closing = host;
        await host.JoinAsync("ana");
        var socket = Path.Combine(host.DataPath, "admin.sock");
        File.GetUnixFileMode(socket).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var file = Path.Combine(host.DataPath, "owner-invite");

        (await ServerCommand.RunAsync(["owner-invite", "--data", host.DataPath], Program.Build)).Should().Be(0);

        var first = (await File.ReadAllTextAsync(file)).Trim();
        await host.StopAsync();
        (await ServerCommand.RunAsync(["owner-invite", "--data", host.DataPath], Program.Build)).Should().Be(0);
        var second = (await File.ReadAllTextAsync(file)).Trim();
        await host.StartAgainAsync();
        var nobody = host.Wire(token: null);
        (await nobody.PostJsonAsync("/v1/join", $$"""{ "code": "{{first}}", "handle": "eve" }""")).Code.Should().Be("invite_invalid");
        var joined = await nobody.PostJsonAsync("/v1/join", $$"""{ "code": "{{second}}", "handle": "bob" }""");
        joined.Json.GetProperty("account").GetProperty("role").GetString().Should().Be("owner");
        File.Exists(file).Should().BeFalse();
    }

    [Fact]
    public async Task The_host_lets_somebody_back_in_through_the_socket_or_when_the_server_is_stopped()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var nobody = host.Wire(token: null);

        var running = await HostAsync("access", "ana", "--data", host.DataPath);
        running.Code.Should().Be(0, running.Error);
        running.Error.Should().Contain($"stories join {host.Url.ToString().TrimEnd('/')} --handle ana").And.NotContain("sta_");
        var unknown = await HostAsync("access", "zoe", "--data", host.DataPath);
        (unknown.Code, unknown.Out).Should().Be((1, ""));
        unknown.Error.Should().Be("stories-server: there is no account \"zoe\"\n");
        (await nobody.PostJsonAsync("/v1/join", $$"""{ "code": "{{running.Out.Trim()}}", "handle": "ana" }"""))
            .Json.GetProperty("account")
            .GetProperty("role")
            .GetString()
            .Should()
            .Be("owner");
        var given = (await ana.GetAsync("/v1/me")).Json.GetProperty("access");
        given.GetProperty("by").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        await host.StopAsync();
        (await HostAsync("access", "zoe", "--data", host.DataPath)).Error.Should().Be("stories-server: there is no account \"zoe\"\n");
        (await HostAsync("access", "ana", "--data", _folder)).Error.Should().Contain("is not a data directory");

        var stopped = await HostAsync("access", "ana", "--data", host.DataPath);

        stopped.Out.Should().MatchRegex("\\Asta_[0-9A-Za-z]{49}\n\\z");
        // A command on the server's machine uses the machine's clock.
        host.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        await host.StartAgainAsync();
        (await nobody.PostJsonAsync("/v1/join", $$"""{ "code": "{{stopped.Out.Trim()}}", "handle": "ana", "endOtherTokens": true }"""))
            .Status.Should()
            .Be(System.Net.HttpStatusCode.Created);
        (await ana.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
    }

    /// <summary>Runs in a separate process: the result is what it prints.</summary>
    private static async Task<(int Code, string Out, string Error)> HostAsync(params string[] args)
    {
        var ran = await CommandRun.OfAsync(new("dotnet", ["exec", typeof(ServerCommand).Assembly.Location, .. args]));
        return (ran.ExitCode, ran.Out, ran.Error);
    }

    [Fact]
    public async Task The_host_takes_a_backup_through_the_socket()
    {
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        var file = Path.Combine(_folder, "b.tar");

        (await ServerCommand.RunAsync(["backup", file, "--data", host.DataPath], Program.Build)).Should().Be(0);

        (await ServerCommand.RunAsync(["verify", file], Program.Build)).Should().Be(0);
        File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await ServerCommand.RunAsync(["backup", file, "--data", host.DataPath], Program.Build)).Should().Be(1, "it is there already");
        (await ServerCommand.RunAsync(["verify", file], Program.Build)).Should().Be(0, "and stays as it was");
    }

    [Fact]
    public void Options_of_tls_go_together()
    {
        Read(new() { ["listen"] = "https://127.0.0.1:0" }).Should().ContainSingle().Which.Should().Contain("--tls-certificate");
        var file = Path.Combine(_folder, "c.pem");
        File.WriteAllText(file, "nothing");
        Read(new() { ["tls-certificate"] = file }).Should().ContainSingle().Which.Should().Contain("together");
        Read(new() { ["tls-certificate"] = file, ["tls-key"] = file }).Should().ContainSingle().Which.Should().Contain("cannot be used");
        Read(new() { ["trusted-proxy"] = "everybody" }).Should().ContainSingle().Which.Should().Contain("everybody");
        Read(new() { ["metrics-listen"] = "9187" }).Should().ContainSingle().Which.Should().Contain("9187");
    }

    private IReadOnlyList<string> Read(Dictionary<string, string> flags) =>
        new OptionReader(new Dictionary<string, string>(flags) { ["data"] = _folder }, new Dictionary<string, string>()).Read().Faults;

    private static async Task<string> SubjectAsync(ServerHost host)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, host.Url.Port);
        await using var tls = new SslStream(
            tcp.GetStream(),
            false,
            (_, certificate, _, _) => certificate?.Subject.StartsWith("CN=", StringComparison.Ordinal) == true
        );
        await tls.AuthenticateAsClientAsync("localhost");
        return tls.RemoteCertificate!.Subject;
    }

    private static void WriteCertificate(string name, string certificate, string key)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest($"CN={name}", ecdsa, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(30)
        );
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(key, ecdsa.ExportPkcs8PrivateKeyPem());
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
            BaseAddress = new("http://metrics"),
        };
}
