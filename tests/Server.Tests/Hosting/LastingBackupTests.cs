using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.HostCommands;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Hosting;

public sealed class LastingBackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-backup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_people_said_chose_muted_and_archived_comes_back_with_a_restore()
    {
        await using var host = await ServerHost.StartAsync();
        var (anasToken, bobsToken) = (await host.JoinAsync("ana"), await host.JoinAsync("bob"));
        var evesToken = await host.JoinAsync("eve", Roles.Admin);
        using var ana = host.Wire(anasToken);
        using var bob = host.Wire(bobsToken);
        await ana.SendAsync(HttpMethod.Patch, "/v1/me", Json("""{ "archive": true }"""));
        await bob.SendAsync(HttpMethod.Patch, "/v1/me", Json("""{ "privateViewing": true }"""));
        var question = (await ana.SendAsync(HttpMethod.Put, "/v1/question", Json("""{ "text": "What now?" }""")))
            .Json.GetProperty("id")
            .GetString();
        var id = (
            await ana.PostJsonAsync(
                "/v1/stories",
                $$"""{ "text": "@bob", "ttl": "7d", "asks": "help", "answers": "{{question}}", "poll": { "question": "q", "options": ["a", "b"] } }"""
            )
        )
            .Json.GetProperty("id")
            .GetString();
        var brief = (await ana.PostJsonAsync("/v1/stories", """{ "text": "brief", "ttl": "5m" }""")).Json.GetProperty("id").GetString();
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/view", null);
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/ack", null);
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/vote", Json("""{ "option": 1 }"""));
        await bob.PostJsonAsync($"/v1/stories/{id}/report", """{ "reason": "because" }""");
        await bob.SendAsync(HttpMethod.Put, "/v1/people/ana/mute", null);
        await ana.SendAsync(HttpMethod.Put, $"/v1/stories/{id}/resolved", null);
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        var archive = Path.Combine(_folder, "backup.tar");
        await File.WriteAllBytesAsync(archive, (await ana.SendAsync(HttpMethod.Post, "/v1/admin/backup", null)).Body);

        var restored = Path.Combine(_folder, "restored");
        (await ServerCommand.RunAsync(["restore", archive, "--data", restored], Program.Build)).Should().Be(0);

        await using var second = await ServerHost.OpenAsync(restored, host.Clock.GetUtcNow());
        using var anaAgain = second.Wire(anasToken);
        using var bobAgain = second.Wire(bobsToken);
        using var eveAgain = second.Wire(evesToken);
        var story = (await bobAgain.GetAsync($"/v1/stories/{id}")).Json;
        (
            story.GetProperty("acked").GetBoolean(),
            story.GetProperty("poll").GetProperty("myVote").GetInt32(),
            story.GetProperty("help").GetProperty("resolved").GetBoolean()
        )
            .Should()
            .Be((true, 1, true));
        (story.GetProperty("mentions")[0].GetString(), story.GetProperty("answers").GetString()).Should().Be(("bob", question));
        (await bobAgain.GetAsync("/v1/tray")).Json.GetProperty("items")[0].GetProperty("muted").GetBoolean().Should().BeTrue();
        (await anaAgain.GetAsync($"/v1/stories/{id}/viewers")).Json.GetProperty("privateCount").GetInt32().Should().Be(1);
        (await eveAgain.GetAsync("/v1/admin/reports")).Text.Should().Contain("because");
        (await bobAgain.GetAsync("/v1/question")).Json.GetProperty("text").GetString().Should().Be("What now?");
        (await anaAgain.GetAsync($"/v1/archive/{brief}/media")).Text.Should().Be("brief");
        (await bobAgain.GetAsync($"/v1/stories/{brief}")).Status.Should().Be(HttpStatusCode.Gone);
    }

    private static StringContent Json(string text) => new(text, null, "application/json");
}
