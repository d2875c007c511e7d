using System.Net;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class HelpTests
{
    [Fact]
    public async Task A_call_for_help_is_counted_in_the_tray_until_it_is_resolved_also_across_a_restart()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var first = (await ana.PutAsync("/v1/stories?asks=help", await TestMedia.JpegAsync())).Json;
        var id = first.GetProperty("id").GetString();
        await ana.PostJsonAsync("/v1/stories", """{ "text": "me too", "asks": "help" }""");
        await ana.PostJsonAsync("/v1/stories", """{ "text": "nothing" }""");

        first.GetProperty("help").GetProperty("resolved").GetBoolean().Should().BeFalse();
        (await OpenAsync(bob)).Should().Be(2);
        (await ana.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/resolved", null))
            .Json.GetProperty("help")
            .GetProperty("resolved")
            .GetBoolean()
            .Should()
            .BeTrue();
        await host.RestartAsync();
        (await OpenAsync(bob)).Should().Be(1);
        (await bob.GetAsync($"/v1/stories/{id}")).Json.GetProperty("help").GetProperty("resolved").GetBoolean().Should().BeTrue();
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/stories/{id}/resolved", null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await OpenAsync(bob)).Should().Be(2);
    }

    [Fact]
    public async Task Only_its_author_resolves_it_and_what_asks_nothing_cannot_be()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        using var eve = host.Wire(await host.JoinAsync("eve"));
        var call = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "x",
                Asks = NewStory.Help,
                Audience = ["bob"],
            },
            "1"
        );
        var plain = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "2");

        (await CodeOfAsync(() => bob.Conversation.ResolveAsync(call.Id))).Should().Be("not_author");
        (await CodeOfAsync(() => bob.Conversation.UnresolveAsync(call.Id))).Should().Be("not_author");
        (await CodeOfAsync(() => ana.Conversation.ResolveAsync(plain.Id))).Should().Be("help_not_found");
        (await eve.SendAsync(HttpMethod.Put, $"/v1/stories/{call.Id}/resolved", new StringContent("{ wrong")))
            .Code.Should()
            .Be("story_not_found");
        (await eve.SendAsync(HttpMethod.Delete, $"/v1/stories/{call.Id}/resolved", null)).Code.Should().Be("story_not_found");
        (await OpenAsync(eve)).Should().Be(0, "a stranger's tray counts nothing of it");
        (await eve.PostJsonAsync("/v1/stories", """{ "text": "x", "asks": "money" }"""))
            .Detail.Should()
            .Contain("asks")
            .And.Contain("money");
    }

    [Fact]
    public async Task Resolving_is_told_once_to_those_who_see_it()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bobsToken = await host.JoinAsync("bob");
        var evesToken = await host.JoinAsync("eve");
        var call = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "x",
                Asks = NewStory.Help,
                Audience = ["bob"],
            },
            "1"
        );
        await using var bob = await EventTap.OpenAsync(host, bobsToken);
        await using var eve = await EventTap.OpenAsync(host, evesToken);

        await ana.Conversation.ResolveAsync(call.Id);
        await ana.Conversation.ResolveAsync(call.Id);
        var told = await bob.NextAsync();
        await ana.Conversation.UnresolveAsync(call.Id);
        var again = await bob.NextAsync();
        var open = await ana.Stories.PostTextAsync(new NewStory { Text = "for all" }, "2");

        (told.Type, told.Data!.Value.GetProperty("story").GetProperty("help").GetProperty("resolved").GetBoolean())
            .Should()
            .Be(("resolved", true));
        (again.Type, again.Data!.Value.GetProperty("story").GetProperty("help").GetProperty("resolved").GetBoolean())
            .Should()
            .Be(("resolved", false), "said again it is no event");
        (await eve.NextAsync()).StoryId.Should().Be(open.Id);
    }

    private static async Task<int> OpenAsync(Wire who) =>
        (await who.GetAsync("/v1/tray"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .Where(i => i.GetProperty("author").GetProperty("handle").GetString() == "ana")
            .Sum(i => i.GetProperty("openHelp").GetInt32());

    private static async Task<string?> CodeOfAsync(Func<Task> call) => (await call.Should().ThrowAsync<ApiException>()).Which.Code;
}
