using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using static StoriesCli.Client.Tests.ScriptedServer;

namespace StoriesCli.Client.Tests.Api;

public class RefusalTests
{
    [Fact]
    public async Task A_problem_document_arrives_as_it_was_sent()
    {
        await using var server = new ScriptedServer(Answer(400, Samples.Problem(Errors.InvalidRequest, "ttl: at most 30d, was 31d")));
        using var client = server.Client();

        var get = () => client.Stories.GetAsync(Samples.Id);

        var refused = (await get.Should().ThrowAsync<ApiException>()).Which;
        refused.Code.Should().Be("invalid_request");
        refused.Status.Should().Be(400);
        refused.Detail.Should().Be("ttl: at most 30d, was 31d");
        refused.Message.Should().Be(refused.Detail);
        refused.TraceId.Should().Be("t-1");
        refused.Errors.Should().ContainKey("ttl").WhoseValue.Should().Equal("too long");
        refused.ExitCode.Should().Be(5);
    }

    [Theory]
    [InlineData(404, 3)]
    [InlineData(410, 3)]
    [InlineData(401, 4)]
    [InlineData(403, 4)]
    [InlineData(409, 5)]
    [InlineData(507, 5)]
    [InlineData(502, 6)]
    [InlineData(500, 1)]
    public async Task What_something_between_says_gets_its_exit_code_from_the_status_and_no_invented_code(int status, int exitCode)
    {
        await using var server = new ScriptedServer(Answer(status, "<html>no</html>", "Content-Type: text/html\r\n"));
        using var client = server.Client(new() { Retries = 0 });

        var get = () => client.Stories.GetAsync(Samples.Id);

        var refused = (await get.Should().ThrowAsync<ApiException>()).Which;
        refused.ExitCode.Should().Be(exitCode);
        refused.Code.Should().BeNull();
        refused.Message.Should().Be($"The server answered {status} X.");
    }

    [Fact]
    public async Task A_code_that_only_a_newer_server_knows_is_kept()
    {
        await using var server = new ScriptedServer(Answer(409, """{"code":"brand_new","detail":"so it is"}"""));
        using var client = server.Client();

        var get = () => client.Stories.GetAsync(Samples.Id);

        var refused = (await get.Should().ThrowAsync<ApiException>()).Which;
        refused.Code.Should().Be("brand_new");
        refused.ExitCode.Should().Be(5);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_so_that_the_token_goes_nowhere_else()
    {
        await using var elsewhere = new ScriptedServer(Answer(200, Samples.EmptyPage));
        await using var server = new ScriptedServer(Answer(302, headers: $"Location: {elsewhere.Url}v1/stories\r\n"));
        using var client = server.Client();

        var list = () => client.Stories.ListAsync(new());

        (await list.Should().ThrowAsync<ApiException>()).WithMessage(
            $"The server redirects to {elsewhere.Url}v1/stories. Redirects are not followed*"
        );
        elsewhere.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("https://user:s3cret@login.example/start", "https://…@login.example/start")]
    [InlineData("https://login.example/start?state=s3cret", "https://login.example/start?…")]
    [InlineData("/start#s3cret", "/start#…")]
    public async Task A_redirect_is_told_without_what_may_be_a_secret_in_its_address(string location, string shown)
    {
        await using var server = new ScriptedServer(Answer(302, headers: $"Location: {location}\r\n"));
        using var client = server.Client();

        var list = () => client.Stories.ListAsync(new());

        (await list.Should().ThrowAsync<ApiException>())
            .Which.Message.Should()
            .StartWith($"The server redirects to {shown}. Redirects are not followed")
            .And.NotContain("s3cret");
    }

    [Theory]
    [InlineData("<html>Sign in to the hotel's network</html>", "text/html", "is not a stories-server: it sent text/html *")]
    [InlineData(
        "{\"hello\":1}",
        "application/json",
        "sent JSON that this client does not understand. It is newer than this client, or not a stories-server."
    )]
    [InlineData(
        "null",
        "application/json",
        "sent JSON that this client does not understand. It is newer than this client, or not a stories-server."
    )]
    public async Task What_is_no_stories_server_or_a_newer_one_is_called_so(string body, string type, string what)
    {
        await using var server = new ScriptedServer(Answer(200, body, $"Content-Type: {type}\r\n"));
        using var client = server.Client();

        var get = () => client.Stories.GetAsync(Samples.Id);

        (await get.Should().ThrowAsync<ServerUnreachableException>()).WithMessage(
            $"The program at {server.Url.ToString().TrimEnd('/')} {what}"
        );
    }

    [Theory]
    [InlineData("..")]
    [InlineData("01kb3v8sxq7m2c4w9e5r1t0y6z/media")]
    [InlineData("")]
    public async Task A_text_that_is_no_id_never_becomes_a_path(string id)
    {
        using var client = new ApiClient(new("http://127.0.0.1:1"), null);

        var get = () => client.Stories.GetAsync(id);

        await get.Should().ThrowAsync<ArgumentException>();
    }
}
