using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Http;

/// <summary>Conventions that hold for all routes.</summary>
public sealed class HttpConventionTests
{
    [Fact]
    public async Task HEAD_is_answered_wherever_GET_is()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString();

        foreach (
            var path in new[]
            {
                "/v1/stories",
                $"/v1/stories/{id}",
                $"/v1/stories/{id}/media",
                $"/v1/stories/{id}/poster?width=64",
                "/v1/me",
                "/openapi/v1.json",
                "/livez",
            }
        )
        {
            var head = await ana.SendAsync(HttpMethod.Head, path, null);
            (head.Status, head.Body.Length).Should().Be((HttpStatusCode.OK, 0), path);
            head.Header("Content-Type").Should().Be((await ana.GetAsync(path)).Header("Content-Type"), path);
        }
        (await ana.SendAsync(HttpMethod.Head, "/v1/events", null))
            .Status.Should()
            .Be(HttpStatusCode.MethodNotAllowed, "it would never end");
        (await ana.SendAsync(HttpMethod.Head, "/v1/join", null)).Status.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await ana.SendAsync(HttpMethod.Head, "/v1/nothing", null)).Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/V1/stories")]
    [InlineData("/v1/Stories")]
    [InlineData("/v1/stories/01aaaaaaaaaaaaaaaaaaaaaaaa/MEDIA")]
    [InlineData("/LIVEZ")]
    public async Task A_path_in_another_case_is_another_path(string path)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await ana.GetAsync(path)).Code.Should().Be("route_not_found");
    }

    [Fact]
    public async Task What_is_private_is_kept_by_no_cache()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await ana.PostJsonAsync("/v1/tokens", """{ "name": "ci" }""")).Header("Cache-Control").Should().Be("no-store");
        (await ana.GetAsync("/v1/stories")).Header("Cache-Control").Should().Be("no-store");
    }

    [Fact]
    public async Task A_body_may_be_missing_where_all_its_fields_may()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await ana.SendAsync(HttpMethod.Post, "/v1/invites", null)).Status.Should().Be(HttpStatusCode.Created);
        (await ana.PostJsonAsync("/v1/admin/backup", """{ "x": 1 }""")).Code.Should().Be("invalid_request");
    }

    [Fact]
    public async Task A_form_in_another_encoding_is_refused()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(await TestMedia.JpegAsync()), "file", "a.jpg" },
            { new ByteArrayContent([0x47, 0x72, 0xFC, 0xDF, 0x65]), "caption" },
        };

        var answer = await ana.SendAsync(HttpMethod.Post, "/v1/stories", form);

        answer.Json.GetProperty("errors").GetProperty("caption")[0].GetString().Should().Contain("UTF-8");
    }

    [Theory]
    [InlineData("bytes=99999999999999999999-", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("bytes=0-99999999999999999999", HttpStatusCode.PartialContent)]
    [InlineData("bytes=-99999999999999999999", HttpStatusCode.PartialContent)]
    public async Task A_range_with_a_number_beyond_all_is_a_range(string range, HttpStatusCode status)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Json.GetProperty("id").GetString();

        (await ana.GetAsync($"/v1/stories/{id}/media", ("Range", range))).Status.Should().Be(status);
    }

    [Fact]
    public async Task A_poster_that_the_caller_has_is_not_sent_again()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var id = (await ana.PutAsync("/v1/stories", await TestMedia.JpegAsync())).Json.GetProperty("id").GetString();
        var path = $"/v1/stories/{id}/poster?width=64";

        var tag = (await ana.GetAsync(path)).Header("ETag")!;

        (await ana.GetAsync(path, ("If-None-Match", tag))).Status.Should().Be(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_body_of_unknown_length_that_is_too_large_is_told_how_large_it_is_at_least()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var body = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "name": "{{new string('x', 70_000)}}" }""")));
        body.Headers.ContentType = new("application/json");
        body.Headers.ContentLength = null;

        var answer = await ana.SendAsync(HttpMethod.Post, "/v1/tokens", body, ("Transfer-Encoding", "chunked"));

        (answer.Status, answer.Detail)
            .Should()
            .Be((HttpStatusCode.RequestEntityTooLarge, "the body has 65537 or more bytes, and this route takes at most 65536"));
    }

    [Theory]
    [InlineData("application/octet-stream", "5\r\n\u00ff\u00d8\u00ffab\r\n")]
    [InlineData("multipart/form-data; boundary=b", "40\r\n--b\r\nContent-Disposition: form-data")]
    public async Task An_upload_that_its_sender_breaks_off_is_not_the_servers_failure(string type, string begun)
    {
        var log = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.log");
        try
        {
            await using (var host = await ServerHost.StartAsync(o => o with { LogFile = log, LogLevel = "warning" }))
            {
                var statuses = new ConcurrentBag<int>();
                using var metrics = Listen(host, "stories.http.requests", tags => statuses.Add((int)tags["status"]!));
                var token = await host.JoinAsync("ana");
                using (var tcp = new TcpClient())
                {
                    await tcp.ConnectAsync(IPAddress.Loopback, host.Url.Port);
                    var head =
                        $"POST /v1/stories HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{begun}";
                    await tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head));
                }
                await Eventually.TrueAsync(() => statuses.Any(status => status is 499 or 400));
                statuses.Should().NotContain(status => status >= 500);
            }
            Directory
                .EnumerateFiles(Path.GetTempPath(), Path.GetFileNameWithoutExtension(log) + "*")
                .SelectMany(File.ReadAllLines)
                .Should()
                .BeEmpty();
        }
        finally
        {
            foreach (var file in Directory.EnumerateFiles(Path.GetTempPath(), Path.GetFileNameWithoutExtension(log) + "*"))
            {
                File.Delete(file);
            }
        }
    }

    [Fact]
    public async Task A_method_that_a_route_does_not_take_is_told_before_its_parameters_are_looked_at()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        (await ana.PostJsonAsync("/v1/tray?typo=1", "{}")).Code.Should().Be("method_not_allowed");
        (await ana.GetAsync("/v1/tray?typo=1")).Code.Should().Be("invalid_request");
    }

    [Fact]
    public async Task A_wrong_token_is_no_failed_attempt_where_none_is_asked_for()
    {
        await using var host = await ServerHost.StartAsync();
        using var stranger = host.Wire("wrong");

        for (var i = 0; i < 30; i++)
        {
            (await stranger.GetAsync("/livez")).Status.Should().Be(HttpStatusCode.OK);
            (await stranger.GetAsync("/v1/nothing")).Code.Should().Be("route_not_found");
        }

        var refused = await stranger.GetAsync("/v1/me");
        (refused.Status, refused.Code, refused.Header("WWW-Authenticate"))
            .Should()
            .Be((HttpStatusCode.Unauthorized, "not_signed_in", "Bearer"));
    }

    private static MeterListener Listen(ServerHost host, string name, Action<Dictionary<string, object?>> heard)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (instrument.Name == name && ReferenceEquals(instrument.Meter.Scope, host.Services.GetService(typeof(IMeterFactory))))
                {
                    it.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => heard(new(tags.ToArray())));
        listener.Start();
        return listener;
    }
}
