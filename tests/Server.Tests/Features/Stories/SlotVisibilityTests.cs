using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

/// <summary>A story replaces the previous one in its slot only for accounts that may see it. For all others nothing changes.</summary>
public sealed class SlotVisibilityTests
{
    [Fact]
    public async Task What_one_may_not_see_takes_nothing_from_ones_slot()
    {
        await using var host = await ServerHost.StartAsync();
        string[] tokens = [await host.JoinAsync("ana"), await host.JoinAsync("bob"), await host.JoinAsync("cat")];
        var (ana, bob, cat) = (host.Client(tokens[0]), host.Client(tokens[1]), host.Client(tokens[2]));
        var first = await PostAsync(host, ana, "for all");
        var second = await PostAsync(host, ana, "for bob", "bob");

        await SeesAsync(cat, first.Id);
        await SeesAsync(bob, second.Id);
        await SeesAsync(ana, second.Id);
        await host.RestartAsync();
        (ana, bob, cat) = (host.Client(tokens[0]), host.Client(tokens[1]), host.Client(tokens[2]));
        await SeesAsync(cat, first.Id);
        await SeesAsync(bob, second.Id);

        var third = await PostAsync(host, ana, "for cat", "cat");
        await SeesAsync(cat, third.Id);
        await SeesAsync(bob, second.Id);
        await ana.Stories.DeleteAsync(third.Id);
        await SeesAsync(cat);
        await SeesAsync(bob, second.Id);

        var fourth = await PostAsync(host, ana, "for all again");
        await SeesAsync(cat, fourth.Id);
        await SeesAsync(bob, fourth.Id);
        (
            await bob.Stories.ListAsync(
                new()
                {
                    Author = "ana",
                    Slot = "build/main",
                    History = true,
                }
            )
        ).Items.Select(story => story.Id).Should().Equal(fourth.Id, second.Id, first.Id);
        (
            await cat.Stories.ListAsync(
                new()
                {
                    Author = "ana",
                    Slot = "build/main",
                    History = true,
                }
            )
        ).Items.Select(story => story.Id).Should().Equal(fourth.Id, first.Id);
    }

    [Fact]
    public async Task A_story_for_some_is_replaced_once_all_of_them_see_others()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var cat = await host.SignInAsync("cat");
        var both = await PostAsync(host, ana, "for both", "bob", "cat");
        var one = await PostAsync(host, ana, "for bob", "bob");

        await SeesAsync(cat, both.Id);
        var other = await PostAsync(host, ana, "for cat", "cat");

        await SeesAsync(bob, one.Id);
        await SeesAsync(cat, other.Id);
        await SeesAsync(ana, other.Id);
    }

    private static Task<Story> PostAsync(ServerHost host, ApiClient by, string text, params string[] audience)
    {
        // Lists are ordered by time.
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        return by.Stories.PostTextAsync(
            new NewStory
            {
                Text = text,
                Slot = "build/main",
                Audience = audience.Length == 0 ? null : audience,
            },
            ApiClient.NewIdempotencyKey()
        );
    }

    private static async Task SeesAsync(ApiClient viewer, params string[] ids)
    {
        (await viewer.Stories.ListAsync(new())).Items.Select(story => story.Id).Should().Equal(ids);
        (await viewer.Stories.GetTrayAsync()).Sum(item => item.Total).Should().Be(ids.Length);
    }
}
