using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class ReceiptTests
{
    [Fact]
    public async Task A_deletion_is_proved_to_who_could_see_the_story_and_to_nobody_else()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Client(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        using var eve = host.Wire(await host.JoinAsync("eve"));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Audience = ["bob"] }, "k");

        (await bob.GetAsync($"/v1/receipts/{story.Id}")).Code.Should().Be("receipt_not_found");
        (await eve.GetAsync($"/v1/receipts/{story.Id}")).Code.Should().Be("story_not_found");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await ana.Stories.DeleteAsync(story.Id);

        var receipt = await ana.Stories.GetReceiptAsync(story.Id);
        receipt
            .Should()
            .Be(
                new Receipt
                {
                    Id = story.Id,
                    Sha256 = story.Media.Sha256,
                    Reason = "deleted",
                    At = host.Clock.GetUtcNow(),
                }
            );
        (await bob.GetAsync($"/v1/receipts/{story.Id}")).Status.Should().Be(HttpStatusCode.OK);
        (await eve.GetAsync($"/v1/receipts/{story.Id}")).Code.Should().Be("story_not_found");
        (await eve.GetAsync("/v1/receipts/01aaaaaaaaaaaaaaaaaaaaaaaa")).Code.Should().Be("story_not_found");
    }

    [Fact]
    public async Task There_is_no_receipt_before_the_bytes_are_gone_and_none_after_30_days()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        var story = await host.Client(token).Stories.PostTextAsync(new NewStory { Text = TestMedia.LongText, Ttl = "1h" }, "k");
        var file = Directory.EnumerateFiles(host.DataPath, story.Id, SearchOption.AllDirectories).Single();
        host.Clock.SetUtcNow(story.ExpiresAt!.Value);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => !File.Exists(file));

        // The sweep that deleted the file may still be searching for left-overs.
        await Eventually.TrueAsync(async () =>
        {
            await File.WriteAllTextAsync(file, "left behind");
            return await ana.GetAsync($"/v1/receipts/{story.Id}") is { Status: HttpStatusCode.Gone, Code: "story_expired" };
        });
        File.Delete(file);
        await Eventually.TrueAsync(async () => (await ana.GetAsync($"/v1/receipts/{story.Id}")).Status == HttpStatusCode.OK);
        var receipt = (await ana.GetAsync($"/v1/receipts/{story.Id}")).Json;
        (receipt.GetProperty("reason").GetString(), receipt.GetProperty("at").GetDateTimeOffset())
            .Should()
            .Be(("expired", story.ExpiresAt!.Value));
        await host.RestartAsync(away: story.ExpiresAt!.Value + TimeSpan.FromDays(30) - host.Clock.GetUtcNow());
        (await ana.GetAsync($"/v1/receipts/{story.Id}")).Code.Should().Be("story_expired");
        await host.RestartAsync(away: TimeSpan.FromDays(60));
        (await ana.GetAsync($"/v1/receipts/{story.Id}")).Code.Should().Be("story_not_found");
    }
}
