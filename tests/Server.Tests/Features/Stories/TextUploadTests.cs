using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

/// <summary>Texts in the forms that newcomers send.</summary>
public sealed class TextUploadTests : IAsyncLifetime
{
    private ServerHost _host = null!;
    private string _token = null!;
    private Wire _ana = null!;
    private DirectoryInfo _folder = null!;

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        _token = await _host.JoinAsync("ana");
        _ana = _host.Wire(_token);
        _folder = Directory.CreateTempSubdirectory("stories-text-");
    }

    public async Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("build.log")]
    [InlineData("notes.txt")]
    [InlineData("README.MD")]
    public async Task Curl_uploads_a_text_by_its_name(string name)
    {
        var file = Write(name, "line one\nlast line\n");

        var card = await CurlAsync("-T", file, $"{_host.Url}v1/stories/?ttl=6h&caption=Hello");

        card.Should()
            .Contain("\"kind\":\"text\"")
            .And.Contain($"\"fileName\":\"{name}\"")
            .And.Contain("\"text\":\"line one\\nlast line\\n\"")
            .And.Contain("\"caption\":\"Hello\"");
    }

    [Theory]
    [InlineData("-T", "FILE", "-H", "Content-Type: text/plain", "URL")]
    [InlineData("-T", "FILE", "URL?fileName=a.log")]
    [InlineData("--data-binary", "@FILE", "URL?fileName=a.log")]
    [InlineData("--data-binary", "@FILE", "-H", "Content-Type: text/plain; charset=utf-8", "URL")]
    [InlineData("-d", "text=Hello+there%21", "URL")]
    [InlineData("-d", "text=Hello there!", "-d", "caption=c", "-d", "tag=a", "-d", "tag=b", "URL")]
    [InlineData("--data-urlencode", "text=Hello there!", "URL")]
    [InlineData("-F", "text=Hello there!", "-F", "caption=c", "URL")]
    [InlineData("-F", "file=@FILE;filename=a.log", "URL")]
    [InlineData("-F", "file=@FILE;type=text/plain", "URL")]
    [InlineData("-F", "text=@FILE", "URL")]
    public async Task Curl_posts_a_text_that_is_called_one(params string[] arguments)
    {
        var file = Write("plain", "Hello there!");

        var card = await CurlAsync([
            .. arguments.Select(argument => argument.Replace("FILE", file).Replace("URL", $"{_host.Url}v1/stories")),
        ]);

        card.Should().Contain("\"kind\":\"text\"").And.Contain("\"text\":\"Hello there!\"");
    }

    [Fact]
    public async Task Bytes_decide_whatever_they_are_called()
    {
        var jpeg = await TestMedia.JpegAsync();

        var put = await SendAsync(jpeg, "text/plain", "/v1/stories/photo.log");
        var posted = await SendAsync(jpeg, "application/x-www-form-urlencoded", "/v1/stories");

        put.Json.GetProperty("kind").GetString().Should().Be("image");
        posted.Json.GetProperty("kind").GetString().Should().Be("image");
    }

    [Fact]
    public async Task Of_a_log_that_is_too_long_the_end_is_kept_and_the_answer_says_so()
    {
        var log = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i:00000} grün\n"));
        var bytes = Encoding.UTF8.GetBytes(log);

        var answer = await SendAsync(bytes, null, "/v1/stories/build.log");

        answer.Status.Should().Be(System.Net.HttpStatusCode.Created);
        var kept = (await _ana.GetAsync($"/v1/stories/{answer.Json.GetProperty("id").GetString()}/media")).Body;
        kept.Length.Should().BeInRange(64 * 1024 - 256, 64 * 1024);
        var lines = Encoding.UTF8.GetString(kept).Split('\n');
        lines[0].Should().MatchRegex($"^\\[the first [0-9,]+ of {bytes.Length:N0} bytes are left out\\]$");
        lines[^2].Should().Be("59999 grün");
        lines[1].Should().MatchRegex("^[0-9]{5} grün$", "it begins with a whole line");
        answer.Json.GetProperty("text").GetString().Should().StartWith(lines[0]);
        int.Parse(lines[1][..5]).Should().Be(60_000 - (lines.Length - 2));
    }

    [Theory]
    [InlineData(65_536, false)]
    [InlineData(65_537, true)]
    [InlineData(131_072, true)]
    [InlineData(400_000, true)]
    public async Task A_log_without_lines_is_cut_between_characters(int size, bool isCut)
    {
        var bytes = Encoding.UTF8.GetBytes(new string('x', size % 3) + new string('€', size / 3));

        var answer = await SendAsync(bytes, "text/plain", "/v1/stories");

        answer.Status.Should().Be(System.Net.HttpStatusCode.Created);
        answer.Json.GetProperty("text").GetString()!.StartsWith("[the first ", StringComparison.Ordinal).Should().Be(isCut);
        var kept = Encoding.UTF8.GetString((await _ana.GetAsync($"/v1/stories/{answer.Json.GetProperty("id").GetString()}/media")).Body);
        kept.Should().NotContain("\uFFFD").And.EndWith("€€");
    }

    [Theory]
    [InlineData(null, "/v1/stories", "words", 415, "Content-Type: text/plain")]
    [InlineData(null, "/v1/stories/build.html", "words", 415, ".log")]
    [InlineData("application/x-www-form-urlencoded", "/v1/stories", "no field here", 415, "?fileName=build.log")]
    [InlineData("application/x-www-form-urlencoded", "/v1/stories", "words=1", 400, "words: unknown")]
    [InlineData("application/x-www-form-urlencoded", "/v1/stories", "caption=only", 400, "text: is missing or empty")]
    [InlineData("application/x-www-form-urlencoded", "/v1/stories", "text=a&text=b", 400, "text: may be given once")]
    [InlineData("text/plain", "/v1/stories", "", 400, "is empty")]
    [InlineData("text/plain", "/v1/stories", " \n ", 400, "text: is missing or empty")]
    [InlineData("text/plain", "/v1/stories", "ok\u0000no", 415, "The file is ")]
    [InlineData("text/plain", "/v1/stories?text=secret", "words", 400, "text")]
    [InlineData(
        "text/plain",
        "/v1/stories/a.cast",
        "{\"version\": 1, \"width\": 80, \"height\": 24, \"stdout\": []}",
        415,
        "asciinema convert"
    )]
    public async Task What_is_not_called_text_or_is_none_is_refused_in_words(
        string? type,
        string path,
        string body,
        int status,
        string says
    )
    {
        var answer = await SendAsync(Encoding.UTF8.GetBytes(body), type, path);

        ((int)answer.Status).Should().Be(status);
        answer.Detail.Should().Contain(says);
    }

    public static TheoryData<string, byte[]> ThatAreNotUtf8 =>
        new()
        {
            { "caption", "text=a&caption=%ff"u8.ToArray() },
            { "text", "text=%E4"u8.ToArray() },
            { "text", "text=%C3"u8.ToArray() },
            { "text", [.. "text=gr"u8, 0xfc, .. "n&caption=b"u8] },
            { "tag", "text=a&tag=%80"u8.ToArray() },
        };

    [Theory]
    [MemberData(nameof(ThatAreNotUtf8))]
    public async Task A_field_that_is_not_UTF_8_is_refused_by_its_name(string field, byte[] form)
    {
        var answer = await SendAsync(form, "application/x-www-form-urlencoded", "/v1/stories");

        ((int)answer.Status).Should().Be(400);
        answer.Detail.Should().Be($"{field}: is not UTF-8");
    }

    [Fact]
    public async Task A_form_is_read_as_browsers_write_it()
    {
        var text = new string('ü', 20_000);
        var form = Encoding.ASCII.GetBytes($"text={Uri.EscapeDataString(text)}&&caption=a%2Bb+c%26d%3d%zz%EF%BF%BD%4");

        var answer = await SendAsync(form, "application/x-www-form-urlencoded", "/v1/stories");
        var many = await SendAsync(
            Encoding.ASCII.GetBytes("text=a&" + string.Concat(Enumerable.Repeat("x=1&", 100_000))),
            "application/x-www-form-urlencoded",
            "/v1/stories"
        );
        var large = await SendAsync(
            Encoding.ASCII.GetBytes("text=" + new string('a', 900_000)),
            "application/x-www-form-urlencoded",
            "/v1/stories"
        );

        answer.Json.GetProperty("text").GetString().Should().StartWith("üü");
        answer.Json.GetProperty("caption").GetString().Should().Be("a+b c&d=%zz\uFFFD%4");
        many.Detail.Should().Contain($"at most {StoriesCli.Contracts.Limits.Fields} fields");
        large.Detail.Should().StartWith("body: a field has at most");
    }

    [Theory]
    [InlineData("text/plain", "/v1/stories/notes.txt")]
    [InlineData(null, "/v1/stories/notes.txt")]
    [InlineData(null, "/v1/stories")]
    public async Task Text_of_another_encoding_is_called_that(string? type, string path)
    {
        var answer = await SendAsync(Encoding.Latin1.GetBytes("h\u00e9t is\r\n\tklaar\n"), type, path);

        ((int)answer.Status).Should().Be(415);
        answer.Detail.Should().Contain("text that is not UTF-8").And.Contain("iconv");
    }

    [Theory]
    [InlineData("photo", "a file under a name that no story has", "file=@NAME")]
    [InlineData("image", "a file under a name that no story has", "file=@NAME")]
    public async Task A_file_under_another_name_is_told_where_it_belongs(string name, params string[] says)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await TestMedia.JpegAsync()), name, "x.jpg" } };

        var answer = await _ana.SendAsync(HttpMethod.Post, "/v1/stories", form);

        ((int)answer.Status).Should().Be(400);
        answer.Detail.Should().StartWith($"{name}: ").And.ContainAll(says);
    }

    [Fact]
    public async Task A_story_is_not_changed_by_a_file_put_in_its_place()
    {
        var id = (await _ana.PostJsonAsync("/v1/stories", """{ "text": "a" }""")).Json.GetProperty("id").GetString();

        var put = await SendAsync("b"u8.ToArray(), "text/plain", $"/v1/stories/{id}");
        var json = await SendAsync("{ \"text\": \"b\" }"u8.ToArray(), "application/json", "/v1/stories/build.log");

        foreach (var answer in new[] { put, json })
        {
            ((int)answer.Status).Should().Be(405);
            answer.Detail.Should().Contain("PATCH");
            answer.Headers["Allow"].Should().Contain("PATCH");
        }
    }

    [Fact]
    public async Task A_text_does_not_go_with_a_file()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("words"), "text" },
            { new ByteArrayContent(await TestMedia.JpegAsync()), "file", "x.jpg" },
        };

        var answer = await _ana.SendAsync(HttpMethod.Post, "/v1/stories", form);

        ((int)answer.Status).Should().Be(400);
        answer.Detail.Should().Contain("use caption");
    }

    [Fact]
    public async Task The_same_key_posts_a_named_log_once()
    {
        var log = "a\nb\n"u8.ToArray();

        var first = await SendAsync(log, null, "/v1/stories/build.log", ("Idempotency-Key", "k1"));
        var again = await SendAsync(log, null, "/v1/stories/build.log", ("Idempotency-Key", "k1"));
        var other = await SendAsync("c"u8.ToArray(), null, "/v1/stories/build.log", ("Idempotency-Key", "k1"));

        again.Json.GetProperty("id").GetString().Should().Be(first.Json.GetProperty("id").GetString());
        ((int)other.Status).Should().Be(409);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private Task<WireAnswer> SendAsync(byte[] body, string? type, string path, params (string, string)[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return _ana.SendAsync(
            HttpMethod.Put,
            path.Length == "/v1/stories".Length || path[11] is '/' or '?' ? path : throw new ArgumentException(path),
            content,
            headers
        );
    }

    private async Task<string> CurlAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("curl", ["-sS", "-H", $"Authorization: Bearer {_token}", .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await process.StandardError.ReadToEndAsync();
    }
}
