using System.Globalization;
using System.Net;
using StoriesCli.Server.Http;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Http;

/// <summary>How fast an account may post.</summary>
public sealed class PostLimitTests
{
    [Fact]
    public async Task An_account_that_posts_too_fast_is_told_the_limit_and_when_to_go_on()
    {
        await using var host = await ServerHost.StartAsync(o => o with { PostRate = 1 });
        using var ana = host.Wire(await host.JoinAsync("ana"));
        for (var i = 0; i < PostLimiter.BurstMinutes; i++)
        {
            (await ana.PostJsonAsync("/v1/stories", """{ "text": "again" }""")).Status.Should().Be(HttpStatusCode.Created);
        }

        var refused = await ana.PostJsonAsync("/v1/stories", """{ "text": "once more" }""");

        (refused.Status, refused.Code).Should().Be((HttpStatusCode.TooManyRequests, "rate_limited"));
        refused.Detail.Should().Be("an account may post 1 story a minute, and 10 at once after a pause; yours has posted more");
        int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture).Should().BeInRange(1, 60);
        (await ana.PutAsync("/v1/stories/build.log", "text"u8.ToArray())).Code.Should().Be("rate_limited", "it is the same limit");
    }

    [Fact]
    public async Task Only_the_posts_of_the_account_that_was_too_fast_are_refused()
    {
        await using var host = await ServerHost.StartAsync(o => o with { PostRate = 1 });
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var story = (await bob.PostJsonAsync("/v1/stories", """{ "text": "hello" }""")).Json.GetProperty("id").GetString();
        for (var i = 0; i < PostLimiter.BurstMinutes; i++)
        {
            await ana.PostJsonAsync("/v1/stories", """{ "text": "again" }""");
        }
        (await ana.PostJsonAsync("/v1/stories", """{ "text": "once more" }""")).Code.Should().Be("rate_limited");

        (await bob.PostJsonAsync("/v1/stories", """{ "text": "me too" }""")).Status.Should().Be(HttpStatusCode.Created);
        (await ana.GetAsync("/v1/stories")).Status.Should().Be(HttpStatusCode.OK);
        (await ana.PostJsonAsync($"/v1/stories/{story}/replies", """{ "text": "hi" }""")).Status.Should().Be(HttpStatusCode.Created);
    }
}
