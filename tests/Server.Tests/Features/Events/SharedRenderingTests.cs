using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Http;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Events;

/// <summary>Listeners share what is rendered. Each must still get exactly what the server would answer to it alone.</summary>
public sealed class SharedRenderingTests
{
    private static readonly string[] People = ["ana", "bob", "eve", "dan"];

    private sealed record Listening(string Handle, Wire Wire, EventListener Listener);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_listener_gets_the_story_as_the_server_shows_it_to_that_account_alone(int seed)
    {
        await using var host = await ServerHost.StartAsync();
        var random = new Random(seed);
        var clients = new Dictionary<string, ApiClient>();
        var all = new List<Listening>();
        foreach (var person in People)
        {
            var token = await host.JoinAsync(person);
            clients[person] = host.Client(token);
            all.Add(new(person, host.Wire(token), Listener(host, person, Scopes.Read, Scopes.Post)));
            all.Add(new(person, host.Wire(token), Listener(host, person, Scopes.Post)));
        }
        var ids = new List<string>();
        var events = host.Services.GetRequiredService<RenderedEvents>();
        long number = 1;
        var (shown, hidden) = (0, 0);

        for (var round = 0; round < 30; round++)
        {
            var (reply, story) = await ChangeAsync(host, clients, ids, random);
            var happened = new Announcement
            {
                Type = reply is null ? EventTypes.Updated : EventTypes.Reply,
                At = host.Clock.GetUtcNow(),
                StoryId = story,
                Author = 1,
                ReplyId = reply,
                ShowsStory = true,
            };
            // The second round of each event meets what the first has left; a change between two listeners must show at once.
            foreach (var each in all.Concat(all).OrderBy(_ => random.Next()))
            {
                if (random.Next(8) == 0)
                {
                    await ChangeAsync(host, clients, ids, random);
                }
                var answer = await each.Wire.GetAsync($"/v1/stories/{story}");
                var block = Encoding.UTF8.GetString(events.Render(new(number, happened), each.Listener));

                if (answer.Status != HttpStatusCode.OK)
                {
                    hidden++;
                    block.Should().BeEmpty();
                    continue;
                }
                shown++;
                block.Should().MatchRegex("^id: [0-9a-f]{32}\ndata: .*\n\n$");
                using var data = JsonDocument.Parse(block.Split("data: ")[1]);
                data.RootElement.GetProperty("story").GetRawText().Should().Be(answer.Text, each.Handle);
                if (reply is not null)
                {
                    data.RootElement.TryGetProperty("reply", out _).Should().Be(each.Listener.MayRead);
                }
            }
            number++;
        }
        shown.Should().BePositive();
        hidden.Should().BePositive();
    }

    [Fact]
    public async Task An_event_is_rendered_once_for_all_to_whom_it_looks_the_same()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        await host.JoinAsync("bob");
        await host.JoinAsync("eve");
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x" }, "1");
        var events = host.Services.GetRequiredService<RenderedEvents>();
        var posted = new Announcement
        {
            Type = EventTypes.Posted,
            At = story.CreatedAt,
            StoryId = story.Id,
            Author = 1,
            ShowsStory = true,
        };

        var bobs = events.Render(new(1, posted), Listener(host, "bob", Scopes.Read));

        events.Render(new(1, posted), Listener(host, "eve", Scopes.Read)).Should().BeSameAs(bobs);
        events
            .Render(new(1, posted), Listener(host, "ana", Scopes.Read))
            .Should()
            .NotEqual(bobs, "its author sees how often it was viewed");
        events.Clear();
        events.Render(new(1, posted), Listener(host, "eve", Scopes.Read)).Should().NotBeSameAs(bobs).And.Equal(bobs);
    }

    private static EventListener Listener(ServerHost host, string handle, params string[] scopes) =>
        new(
            new CurrentAccount(
                host.Services.GetRequiredService<AccountStore>().Find(handle)!.Number,
                handle,
                Roles.Member,
                TokenId: "t",
                scopes,
                DateTimeOffset.MaxValue
            ),
            missed: null,
            joined: default
        );

    /// <summary>One random change by somebody. Returns the story it was about, and the reply that was written.</summary>
    private static async Task<(string? Reply, string Story)> ChangeAsync(
        ServerHost host,
        Dictionary<string, ApiClient> clients,
        List<string> ids,
        Random random
    )
    {
        var ana = clients["ana"];
        var who = clients[People[random.Next(People.Length)]];
        if (ids.Count == 0 || random.Next(5) == 0)
        {
            var posted = await ana.Stories.PostTextAsync(
                new NewStory
                {
                    Text = $"story {ids.Count}",
                    Tags = random.Next(2) == 0 ? ["a"] : ["b"],
                    Audience = random.Next(2) == 0 ? null : ["bob"],
                    Poll = new() { Question = "which?", Options = ["one", "two"] },
                    Ttl = random.Next(3) == 0 ? "5m" : "6h",
                },
                $"key-{ids.Count}"
            );
            ids.Add(posted.Id);
            return (null, posted.Id);
        }
        var id = ids[random.Next(ids.Count)];
        try
        {
            switch (random.Next(10))
            {
                case 0:
                    await who.Stories.MarkViewedAsync(id);
                    break;
                case 1:
                    await who.Conversation.ReactAsync(id, Reactions.Emoji[random.Next(Reactions.Emoji.Count)]);
                    break;
                case 2:
                    await who.Conversation.AckAsync(id);
                    break;
                case 3:
                    await who.Conversation.VoteAsync(id, random.Next(2));
                    break;
                case 4:
                    return ((await who.Conversation.ReplyAsync(id, "a reply")).Id, id);
                case 5:
                    await who.Mutes.MuteTagAsync("a", until: host.Clock.GetUtcNow().AddMinutes(3));
                    break;
                case 6:
                    await who.Mutes.MutePersonAsync("ana");
                    break;
                case 7:
                    await who.Mutes.UnmutePersonAsync("ana");
                    break;
                case 8:
                    await ana.Stories.EditAsync(id, new() { Audience = random.Next(2) == 0 ? ["bob"] : ["eve", "dan"] });
                    break;
                default:
                    host.Clock.Advance(TimeSpan.FromSeconds(40));
                    break;
            }
        }
        catch (ApiException)
        {
            // Not everybody may do everything; a refusal changes nothing.
        }
        return (null, id);
    }
}
