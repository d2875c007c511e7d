using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class PrivateViewingTests
{
    [Fact]
    public async Task Who_looks_privately_is_counted_and_not_named_also_later_and_across_a_restart()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        using var ana = host.Wire(anasToken);
        var bobsToken = await host.JoinAsync("bob");
        using var bob = host.Wire(bobsToken);
        var cem = await host.SignInAsync("cem");
        var story = await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "x" }, "1");
        var later = await host.Client(anasToken).Stories.PostTextAsync(new NewStory { Text = "y" }, "2");
        (await host.Client(bobsToken).Accounts.ChangeMeAsync(new ProfileChange { PrivateViewing = true })).PrivateViewing.Should().BeTrue();
        await using (var tap = await EventTap.OpenAsync(host, anasToken))
        {
            await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{story.Id}/view", null);
            var told = await tap.NextAsync();
            (
                told.Type,
                told.Data!.Value.TryGetProperty("person", out _),
                told.Data!.Value.GetProperty("story").GetProperty("viewCount").GetInt32()
            )
                .Should()
                .Be(("view", false, 1));
        }
        await cem.Stories.MarkViewedAsync(story.Id);

        await host.Client(bobsToken).Accounts.ChangeMeAsync(new ProfileChange { PrivateViewing = false });
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{later.Id}/view", null);
        await host.RestartAsync();

        var seen = (await ana.GetAsync($"/v1/stories/{story.Id}/viewers")).Json;
        seen.GetProperty("items")
            .EnumerateArray()
            .Select(v => v.GetProperty("person").GetProperty("handle").GetString())
            .Should()
            .Equal("cem");
        seen.GetProperty("privateCount").GetInt32().Should().Be(1, "how somebody looked is how they looked, whatever they say later");
        (await ana.GetAsync($"/v1/stories/{later.Id}/viewers")).Text.Should().Contain("bob").And.Contain("\"privateCount\":0");
        (await bob.GetAsync($"/v1/stories/{story.Id}")).Json.GetProperty("viewed").GetBoolean().Should().BeTrue();
        await bob.SendAsync(HttpMethod.Delete, "/v1/me", null);
        seen = (await ana.GetAsync($"/v1/stories/{story.Id}/viewers")).Json;
        (seen.GetProperty("items").GetArrayLength(), seen.GetProperty("privateCount").GetInt32()).Should().Be((1, 0));
    }
}
