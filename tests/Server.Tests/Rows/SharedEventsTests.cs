using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Rows;

/// <summary>Streams of events are the same on every server, and resume on any.</summary>
public sealed class SharedEventsTests
{
    [Fact]
    public async Task A_stream_on_a_follower_tells_what_was_posted_through_the_writer()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync());
        await using var tap = await EventTap.OpenAsync(team.Servers[1].Url, team.Token);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await PostAsync(team.At(0), $"card {i}"));
        }

        foreach (var id in ids)
        {
            var told = await tap.NextAsync();
            (told.Type, told.StoryId).Should().Be((EventTypes.Posted, id));
        }
    }

    [Fact]
    public async Task A_stream_resumes_on_another_server_where_it_was_without_a_reset()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync(), count: 3);
        var tap = await EventTap.OpenAsync(team.Servers[1].Url, team.Token);
        await PostAsync(team.At(0), "seen");
        var seen = await tap.NextAsync();
        await tap.DisposeAsync();
        var missed = new List<string> { await PostAsync(team.At(0), "missed on the first") };
        await team.Servers[0].KillAsync();
        var writer = await WriterAsync(team);
        missed.Add(await PostAsync(team.At(writer), "missed on the second"));

        foreach (var server in (int[])[1, 2])
        {
            await using var resumed = await EventTap.OpenAsync(team.Servers[server].Url, team.Token, seen.Id);
            var told = new List<string>();
            while (told.Count < missed.Count)
            {
                var next = await resumed.NextAsync();
                next.Type.Should().NotBe(EventTypes.Reset);
                if (next.Type == EventTypes.Posted)
                {
                    told.Add(next.StoryId);
                }
            }
            told.Should().Equal(missed);
        }
        // A server that starts anew knows the last hour, too.
        await team.Servers[0].StartAgainAsync();
        await using var anew = await EventTap.OpenAsync(team.Servers[0].Url, team.Token, seen.Id);
        (await anew.NextAsync()).StoryId.Should().Be(missed[0]);
        (await anew.NextAsync()).StoryId.Should().Be(missed[1]);
    }

    [Fact]
    public async Task Expiries_are_told_by_every_server_and_again_where_a_stream_resumes()
    {
        await using var team = await ServerTeam.StartAsync(await PostgresCluster.CommonAsync(), 2, "--min-ttl", "1s");
        await using var near = await EventTap.OpenAsync(team.Servers[0].Url, team.Token);
        await using var far = await EventTap.OpenAsync(team.Servers[1].Url, team.Token);
        var posted = await team.At(1).PostJsonAsync("/v1/stories", """{ "text": "brief", "ttl": "2s" }""");
        var id = posted.Json.GetProperty("id").GetString()!;
        var first = await NextAsync(near, EventTypes.Posted);

        (await NextAsync(near, EventTypes.Expired)).StoryId.Should().Be(id);
        (await NextAsync(far, EventTypes.Expired)).StoryId.Should().Be(id);
        await using var resumed = await EventTap.OpenAsync(team.Servers[1].Url, team.Token, first.Id);
        (await NextAsync(resumed, EventTypes.Expired)).StoryId.Should().Be(id);
        (await team.At(1).GetAsync($"/v1/stories/{id}")).Status.Should().Be(HttpStatusCode.Gone);
    }

    private static async Task<int> WriterAsync(ServerTeam team)
    {
        var name = "";
        await Eventually.TrueAsync(async () =>
        {
            foreach (var server in (int[])[1, 2])
            {
                var answer = await team.At(server).PostJsonAsync("/v1/stories", """{ "text": "probe", "audience": [] }""");
                name = answer.Status == HttpStatusCode.ServiceUnavailable ? "" : $"{server}";
                if (name.Length > 0)
                {
                    return true;
                }
            }
            return false;
        });
        return name[0] - '0';
    }

    private static async Task<Block> NextAsync(EventTap tap, string type)
    {
        while (true)
        {
            var block = await tap.NextAsync();
            block.Type.Should().NotBe(EventTypes.Reset);
            if (block.Type == type)
            {
                return block;
            }
        }
    }

    private static async Task<string> PostAsync(Wire wire, string text)
    {
        var answer = await wire.PostJsonAsync("/v1/stories", $$"""{ "text": "{{text}}" }""");
        answer.Status.Should().Be(HttpStatusCode.Created, answer.Text);
        return answer.Json.GetProperty("id").GetString()!;
    }
}
