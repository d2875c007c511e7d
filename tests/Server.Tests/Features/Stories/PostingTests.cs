using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class PostingTests
{
    [Fact]
    public async Task A_text_card_is_there_for_the_team_with_all_that_was_said()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");

        var posted = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "Hello\u001b[31m red\u001b[0m\u0007",
                Caption = "hi",
                Tags = ["perf"],
                Ttl = "6h",
            },
            "k1"
        );

        var seen = await bob.Stories.GetAsync(posted.Id);
        seen.Text.Should().Be("Hello\u001b[31m red\u001b[0m");
        seen.Caption.Should().Be("hi");
        seen.Author.Handle.Should().Be("ana");
        seen.ExpiresAt.Should().Be(host.Clock.GetUtcNow() + TimeSpan.FromHours(6));
        seen.Viewed.Should().BeFalse();
        (await bob.Stories.GetTrayAsync()).Single().Unseen.Should().Be(1);
        await bob.Stories.MarkViewedAsync(posted.Id);
        (await bob.Stories.GetTrayAsync()).Single().Unseen.Should().Be(0);
        (await ana.Stories.GetAsync(posted.Id)).ViewCount.Should().Be(1);
        host.Clock.Advance(TimeSpan.FromHours(6));
        var gone = await bob.Invoking(b => b.Stories.GetAsync(posted.Id)).Should().ThrowAsync<ApiException>();
        gone.Which.Code.Should().Be(Errors.StoryExpired.Code);
    }
}
