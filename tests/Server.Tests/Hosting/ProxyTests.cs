using StoriesCli.Server.Hosting;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

/// <summary>What a proxy sends, how that changes links, and which requests the log calls slow behind one.</summary>
public sealed class ProxyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-proxy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("X-Forwarded-Proto", "javascript")]
    [InlineData("X-Forwarded-Proto", "https:evil")]
    [InlineData("X-Forwarded-Proto", "file")]
    [InlineData("X-Forwarded-Host", "stories.example/evil")]
    [InlineData("X-Forwarded-Host", "me@stories.example")]
    [InlineData("X-Forwarded-Host", "stories.example:99999")]
    [InlineData("X-Forwarded-Host", "stories example")]
    [InlineData("X-Forwarded-Host", "stories.example?x")]
    public async Task What_no_server_can_be_called_is_refused_also_from_a_trusted_proxy(string header, string value)
    {
        await using var host = await ServerHost.StartAsync(o => o with { TrustedProxies = TrustedProxies.Parse("127.0.0.0/8") });
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString();

        var refused = await ana.PostJsonAsync($"/v1/stories/{id}/links", "{}", ("X-Forwarded-For", "203.0.113.7"), (header, value));

        refused.Code.Should().Be("invalid_request");
        refused.Json.GetProperty("errors").TryGetProperty(header, out _).Should().BeTrue();
        var taken = await ana.PostJsonAsync(
            $"/v1/stories/{id}/links",
            "{}",
            ("X-Forwarded-For", "203.0.113.7"),
            ("X-Forwarded-Proto", "HTTPS"),
            ("X-Forwarded-Host", "[2001:db8::1]:8443")
        );
        taken.Json.GetProperty("url").GetString().Should().StartWith("https://[2001:db8::1]:8443/");
    }

    [Theory]
    [InlineData(true, "X-Forwarded-For", "203.0.113.7")]
    [InlineData(true, "Via", "1.1 proxy")]
    [InlineData(true, "X-Real-IP", "203.0.113.7")]
    [InlineData(true, "X-Forwarded-Port", "443")]
    [InlineData(true, "Host", "stories.example")]
    [InlineData(false, "Host", "localhost:1")]
    [InlineData(false, "Accept", "*/*")]
    public async Task Links_that_lead_elsewhere_than_people_come_from_are_told_to_the_host_once(bool told, string header, string value)
    {
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                LogFile = Path.Combine(_folder, "log.txt"),
                LogLevel = "warning",
            }
        );
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString();

        for (var i = 0; i < 3; i++)
        {
            await ana.PostJsonAsync($"/v1/stories/{id}/links", "{}", (header, value));
        }

        Log().Count(line => line.Contains("--base-url", StringComparison.Ordinal)).Should().Be(told ? 1 : 0);
    }

    [Theory]
    [InlineData(true, "X-Forwarded-For: 203.0.113.7")]
    [InlineData(true, "X-Forwarded-Proto: https")]
    [InlineData(true, "X-Real-IP: 203.0.113.7")]
    [InlineData(true, "X-Forwarded-For: 203.0.113.7", "Host: localhost")]
    [InlineData(true, "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Host: 127.0.0.1:8080")]
    [InlineData(true, "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https", "Host: backend")]
    [InlineData(true, "X-Forwarded-For: 203.0.113.7", "Host: backend:PORT")]
    [InlineData(false, "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https", "Host: stories.example")]
    [InlineData(false, "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Host: stories.example")]
    [InlineData(false, "X-Forwarded-For: 203.0.113.7", "Host: intern")]
    [InlineData(false, "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: localhost:8080")]
    [InlineData(false, "Accept: */*")]
    public async Task A_trusted_proxy_that_sends_its_own_way_to_the_server_for_a_host_is_told_of_once(bool told, params string[] headers)
    {
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                TrustedProxies = TrustedProxies.Parse("127.0.0.0/8"),
                LogFile = Path.Combine(_folder, "log.txt"),
                LogLevel = "warning",
            }
        );
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString();
        var sent = headers
            .Select(header => header.Replace("PORT", $"{host.Url.Port}", StringComparison.Ordinal).Split(": ", 2))
            .Select(header => (header[0], header[1]))
            .ToArray();

        for (var i = 0; i < 3; i++)
        {
            (await ana.PostJsonAsync($"/v1/stories/{id}/links", "{}", sent)).Status.Should().Be(System.Net.HttpStatusCode.Created);
        }

        Log().Count(line => line.Contains("--base-url", StringComparison.Ordinal)).Should().Be(told ? 1 : 0);
    }

    [Fact]
    public async Task Slow_is_what_begins_late_and_not_what_goes_on_for_long()
    {
        await using var host = await ServerHost.StartAsync(o =>
            o with
            {
                LogFile = Path.Combine(_folder, "log.txt"),
                LogLevel = "information",
            }
        );
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        using (var cancel = new CancellationTokenSource())
        {
            var (_, lines) = await ana.OpenAsync("/v1/events", cancel.Token);
            using var stream = lines;
            (await lines.ReadLineAsync()).Should().NotBeNull("the answer has begun");
            host.Clock.Advance(TimeSpan.FromMinutes(2));
            await cancel.CancelAsync();
        }
        using var body = new HeldBackContent(
            [.. await TestMedia.JpegAsync(), .. new byte[512 << 10]],
            async () =>
            {
                await Eventually.TrueAsync(() => Directory.EnumerateFiles(Path.Combine(host.DataPath, "tmp")).Any());
                host.Clock.Advance(TimeSpan.FromSeconds(6));
            }
        );
        (await ana.SendAsync(HttpMethod.Put, "/v1/stories", body)).Status.Should().Be(System.Net.HttpStatusCode.Created);

        await Eventually.TrueAsync(() => Log().Any(line => line.Contains("PUT /v1/stories answered 201", StringComparison.Ordinal)));
        Log().Should().NotContain(line => line.Contains("/v1/events", StringComparison.Ordinal));
    }

    /// <summary>The log so far, while the file is still being written.</summary>
    private string[] Log() =>
        [
            .. Directory
                .GetFiles(_folder, "log*.txt")
                .SelectMany(path =>
                {
                    using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                    return reader.ReadToEnd().Split('\n');
                }),
        ];
}
