using System.Net;
using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class RefusalTests
{
    public static readonly TheoryData<string, string, string> BadFields = new()
    {
        { "ttl=4m", "ttl", "5m to 30d" },
        { "ttl=31d", "ttl", "30d" },
        { "ttl=soon", "ttl", "soon" },
        { "slot=Build", "slot", "Build" },
        { "tag=Perf", "tag", "Perf" },
        { "tag=a&tag=b&tag=c&tag=d&tag=e&tag=f&tag=g&tag=h&tag=i&tag=j&tag=k", "tag", "11" },
        { "audience=nobody", "audience", "nobody" },
        { "audience=team&audience=ana", "audience", "not both" },
        { "link=ftp://x", "link", "ftp://x" },
        { "link=javascript:alert(1)", "link", "javascript" },
        { "replies=maybe", "replies", "maybe" },
        { "source.status=green", "source.status", "green" },
        { "source.exitCode=256", "source.exitCode", "256" },
        { "captoin=x", "captoin", "unknown" },
        { "caption=a&caption=b", "caption", "2 times" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task A_bad_field_is_named_with_limit_and_value_and_nothing_is_posted(string query, string field, string told)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ana.PutAsync("/v1/stories?" + query, await TestMedia.JpegAsync());

        answer.Status.Should().Be(HttpStatusCode.BadRequest);
        answer.Code.Should().Be("invalid_request");
        answer.Json.GetProperty("errors").GetProperty(field)[0].GetString().Should().Contain(told);
        (await ana.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task A_caption_of_2048_characters_is_taken_and_one_more_is_not()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        string Card(int length) => JsonSerializer.Serialize(new { text = "x", caption = string.Concat(Enumerable.Repeat("🎉", length)) });

        (await ana.PostJsonAsync("/v1/stories", Card(2048))).Status.Should().Be(HttpStatusCode.Created);
        var refused = await ana.PostJsonAsync("/v1/stories", Card(2049));

        refused.Status.Should().Be(HttpStatusCode.BadRequest);
        refused.Detail.Should().Contain("2048").And.Contain("2049");
    }

    [Theory]
    [InlineData("""{ "text": "x" """, "invalid_json", 400)]
    [InlineData("""{ "text": "x", "captoin": "y" }""", "invalid_request", 400)]
    [InlineData("""{ "text": 5 }""", "invalid_request", 400)]
    [InlineData("""{ "caption": "no text" }""", "invalid_request", 400)]
    [InlineData("null", "invalid_request", 400)]
    public async Task Json_that_is_wrong_is_told_apart(string json, string code, int status)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ana.PostJsonAsync("/v1/stories", json);

        ((int)answer.Status).Should().Be(status);
        answer.Code.Should().Be(code);
        answer.Header("Content-Type").Should().Be("application/problem+json");
    }

    [Fact]
    public async Task A_caption_as_long_as_it_may_be_fits_into_a_query()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var caption = string.Concat(Enumerable.Repeat("🎉", Limits.CaptionCharacters));

        var answer = await ana.PutAsync("/v1/stories?caption=" + Uri.EscapeDataString(caption), await TestMedia.JpegAsync());

        answer.Json.GetProperty("caption").GetString().Should().Be(caption);
    }

    [Theory]
    [InlineData("kind=movie", "kind")]
    [InlineData("tag=B!", "tag")]
    [InlineData("author=ANA", "author")]
    [InlineData("slot=Build", "slot")]
    [InlineData("unseen=yes", "unseen")]
    [InlineData("since=yesterday", "since")]
    [InlineData("limit=201", "limit")]
    [InlineData("cursor=1", "cursor")]
    public async Task A_filter_that_no_story_can_meet_is_refused(string query, string field)
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ana.GetAsync("/v1/stories?" + query);

        answer.Status.Should().Be(HttpStatusCode.BadRequest);
        answer.Json.GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue();
    }

    [Fact]
    public async Task A_text_card_has_at_most_64_KiB()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        string Card(int bytes) => JsonSerializer.Serialize(new { text = new string('x', bytes) });

        (await ana.PostJsonAsync("/v1/stories", Card(Limits.TextBytes))).Status.Should().Be(HttpStatusCode.Created);
        var refused = await ana.PostJsonAsync("/v1/stories", Card(Limits.TextBytes + 1));

        refused.Status.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        refused.Code.Should().Be("too_large");
        refused.Detail.Should().Contain("65,537").And.Contain("65,536");
    }

    [Fact]
    public async Task What_is_no_media_is_refused_by_its_bytes_whatever_it_says_it_is()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var liar = new ByteArrayContent("%PDF-1.7 and so on"u8.ToArray());
        liar.Headers.ContentType = new("image/jpeg");

        var answer = await ana.SendAsync(HttpMethod.Post, "/v1/stories?fileName=a.jpg", liar);

        answer.Status.Should().Be(HttpStatusCode.UnsupportedMediaType);
        answer.Code.Should().Be("media_type_refused");
        answer.Detail.Should().Contain("PDF");
        (await ana.PutAsync("/v1/stories", [])).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_broken_image_is_refused_and_leaves_nothing()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var broken = (await TestMedia.JpegAsync())[..200];

        (await ana.PutAsync("/v1/stories", broken)).Status.Should().Be(HttpStatusCode.UnsupportedMediaType);

        Directory.EnumerateFiles(Path.Combine(host.DataPath, "tmp")).Should().BeEmpty();
        Directory.EnumerateFiles(Path.Combine(host.DataPath, "media"), "*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Fact]
    public async Task Too_many_bytes_are_refused_while_they_stream_and_leave_nothing()
    {
        await using var host = await ServerHost.StartAsync(options => options with { Media = new() { ImageBytes = 5_000 } });
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var photo = await TestMedia.JpegAsync();
        photo.Length.Should().BeGreaterThan(5_000);

        var known = await ana.PutAsync("/v1/stories", photo);
        using var chunked = new StreamContent(new Pipe(photo));
        var unknown = await ana.SendAsync(HttpMethod.Put, "/v1/stories", chunked);

        known.Code.Should().Be("too_large");
        known.Detail.Should().Contain("5,000");
        unknown.Code.Should().Be("too_large");
        Directory.EnumerateFiles(Path.Combine(host.DataPath, "tmp")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_quota_counts_stored_bytes_and_is_named_when_it_is_reached()
    {
        var photo = await TestMedia.JpegAsync();
        await using var host = await ServerHost.StartAsync(options => options with { QuotaAccountBytes = photo.Length + 100 });
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var first = await ana.PutAsync("/v1/stories?ttl=5m", photo, ("Idempotency-Key", "k"));
        var second = await ana.PutAsync("/v1/stories", photo);
        var again = await ana.PutAsync("/v1/stories?ttl=5m", photo, ("Idempotency-Key", "k"));

        first.Status.Should().Be(HttpStatusCode.Created);
        ((int)second.Status).Should().Be(507);
        second.Code.Should().Be("quota_reached");
        again.Text.Should().Be(first.Text, "a repetition stores nothing");
        await ana.SendAsync(HttpMethod.Delete, first.Header("Location")!, null);
        (await ana.PutAsync("/v1/stories", photo)).Status.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_form_takes_its_parts_in_any_order_and_refuses_a_broken_one()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var photo = await TestMedia.JpegAsync();

        var after = await ana.SendAsync(
            HttpMethod.Post,
            "/v1/stories",
            new MultipartFormDataContent { { new ByteArrayContent(photo), "file", "../x/a.jpg" }, { new StringContent("hi"), "caption" } }
        );
        var missing = await ana.SendAsync(
            HttpMethod.Post,
            "/v1/stories",
            new MultipartFormDataContent { { new StringContent("hi"), "caption" } }
        );
        using var cut = new ByteArrayContent(
            Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" + "GIF89a")
        );
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        var broken = await ana.SendAsync(HttpMethod.Post, "/v1/stories", cut);

        after.Json.GetProperty("caption").GetString().Should().Be("hi");
        after.Json.GetProperty("media").GetProperty("fileName").GetString().Should().Be("a.jpg");
        missing.Code.Should().Be("invalid_request");
        broken.Code.Should().Be("invalid_request");
        Directory.EnumerateFiles(Path.Combine(host.DataPath, "tmp")).Should().BeEmpty();
    }

    /// <summary>A stream of unknown length.</summary>
    private sealed class Pipe(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    [Fact]
    public async Task Nobody_is_not_everybody()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var answer = await ana.PostJsonAsync("/v1/stories", """{"text":"x","audience":[]}""");

        answer.Code.Should().Be("invalid_request");
        answer.Json.GetProperty("errors").GetProperty("audience")[0].GetString().Should().Contain("must name somebody");
    }

    [Fact]
    public async Task A_fault_has_the_name_that_its_field_has_in_this_request()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));

        var json = await ana.PostJsonAsync("/v1/stories", """{"text":"x","tags":["A B"],"links":["ftp://x"]}""");
        var raw = await ana.PutAsync("/v1/stories?tag=A%20B&link=ftp://x", [1]);

        json.Json.GetProperty("errors").EnumerateObject().Select(field => field.Name).Should().Equal("links", "tags");
        raw.Json.GetProperty("errors").EnumerateObject().Select(field => field.Name).Should().Equal("link", "tag");
    }
}
