using System.Net;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Circles;

public sealed class CircleTests
{
    [Fact]
    public async Task A_circle_is_resolved_to_people_when_the_story_is_posted()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        var cyd = host.Wire(await host.JoinAsync("cyd"));
        (await PutAsync(ana, "friends", """{ "members": ["bob"] }""")).Status.Should().Be(HttpStatusCode.OK);

        var story = (await ana.PostJsonAsync("/v1/stories", """{ "text": "psst", "audience": ["+friends"] }""")).Json;
        await PutAsync(ana, "friends", """{ "members": ["cyd"] }""");

        var path = $"/v1/stories/{story.GetProperty("id").GetString()}";
        story.GetProperty("audience")[0].GetString().Should().Be("+friends");
        (await bob.GetAsync(path)).Json.GetProperty("audience").GetString().Should().Be("selected");
        (await cyd.GetAsync(path)).Code.Should().Be("story_not_found");
        (await ana.PostJsonAsync("/v1/stories", """{ "text": "both", "audience": ["bob", "+friends"] }"""))
            .Status.Should()
            .Be(HttpStatusCode.Created);
        (await bob.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(2);
        (await cyd.GetAsync("/v1/stories")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task A_circle_is_its_owners_alone()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        await PutAsync(ana, "friends", """{ "members": ["bob"] }""");

        (await bob.PostJsonAsync("/v1/stories", """{ "text": "x", "audience": ["+friends"] }""")).Detail.Should().Contain("friends");
        (await bob.GetAsync("/v1/circles")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await bob.SendAsync(HttpMethod.Delete, "/v1/circles/friends", null)).Code.Should().Be("circle_not_found");
        (await ana.SendAsync(HttpMethod.Delete, "/v1/circles/friends", null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await ana.PostJsonAsync("/v1/stories", """{ "text": "x", "audience": ["+friends"] }""")).Code.Should().Be("invalid_request");
    }

    [Fact]
    public async Task A_circle_names_known_people_in_a_known_shape()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));

        (await PutAsync(ana, "friends", """{ "members": ["zoe"] }""")).Detail.Should().Contain("zoe");
        (await PutAsync(ana, "friends", "{}")).Code.Should().Be("invalid_request");
        (await PutAsync(ana, "My%20Friends", """{ "members": [] }""")).Code.Should().Be("invalid_request");
        (await PutAsync(ana, "f", """{ "people": [] }""")).Code.Should().Be("invalid_request");
    }

    [Fact]
    public async Task A_circle_outlives_a_restart_and_loses_who_leaves()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        await host.JoinAsync("cyd", Roles.Bot);
        await PutAsync(ana, "friends", """{ "members": ["bob", "cyd"] }""");
        await PutAsync(bob, "mine", """{ "members": ["ana"] }""");

        await bob.SendAsync(HttpMethod.Delete, "/v1/me", null);
        await host.RestartAsync();

        var circle = (await ana.GetAsync("/v1/circles")).Json.GetProperty("items")[0];
        circle.GetProperty("name").GetString().Should().Be("friends");
        circle.GetProperty("members").EnumerateArray().Select(m => m.GetString()).Should().Equal("cyd");
    }

    private static Task<WireAnswer> PutAsync(Wire wire, string name, string json) =>
        wire.SendAsync(HttpMethod.Put, $"/v1/circles/{name}", new StringContent(json, Encoding.UTF8, "application/json"));
}
