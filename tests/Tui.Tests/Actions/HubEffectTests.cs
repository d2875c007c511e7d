using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.App;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>The account's own matters, with a real server.</summary>
public sealed class HubEffectTests : EffectTest
{
    [Fact]
    public async Task Shares_are_listed_and_revoked()
    {
        var story = await PostAsync("shared");
        await Dora.ShareAsync(story.Id);
        using var effects = Look();

        Press(new Msg.Listing("Your shares", new Deed.ListShares(TimeZoneInfo.Utc)));
        await ListedAsync(choice => choice.Label == "shared" && choice.Detail.StartsWith("opened 0 times", StringComparison.Ordinal));
        Press(new Msg.Steered(Steer.Enter), new Msg.Typed("y"));
        await UntilAsync(s => s.Note?.Text == "Revoked: its page is gone.");

        (await Dora.ListSharesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_feed_is_made_and_its_address_copied_and_ends_when_it_is_revoked()
    {
        await PostAsync("for readers");
        using var effects = Look();

        Press(new Msg.Listing("Your feeds", new Deed.ListFeeds()));
        await ListedAsync(choice => choice.Label == "Make one");
        Press(new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.Dialog is Dialog.Telling);
        using var reader = new HttpClient();
        (await reader.GetStringAsync(Store.State.Copied.Text)).Should().Contain("for readers");

        Press(new Msg.Steered(Steer.Escape), new Msg.Listing("Your feeds", new Deed.ListFeeds()));
        await UntilAsync(s => s.Dialog is Dialog.Choosing { All.Length: 2 });
        Press(new Msg.Steered(Steer.Down), new Msg.Steered(Steer.Enter), new Msg.Typed("y"));
        await UntilAsync(s => s.Note?.Text.StartsWith("Revoked", StringComparison.Ordinal) == true);
        (await reader.GetAsync(Store.State.Copied.Text)).IsSuccessStatusCode.Should().BeFalse();
    }

    [Fact]
    public async Task A_circle_is_made_changed_and_ended()
    {
        using var effects = Look();

        foreach (
            var (text, said, members) in new[]
            {
                ("parser: ana dora", "+parser has 2.", 2),
                ("parser: ana", "+parser has 1.", 1),
                ("parser:", "The circle parser has ended.", 0),
            }
        )
        {
            Press(new Msg.Opening(Hub.Entry("", [])), new Msg.Typed(text), new Msg.Steered(Steer.Enter));
            await UntilAsync(s => s.Note?.Text == said);
            (await Dora.ListCirclesAsync()).Sum(circle => circle.Members.Length).Should().Be(members);
        }
    }

    [Fact]
    public async Task A_receipt_tells_that_nothing_is_left_and_not_before()
    {
        var story = await PostAsync("gone soon");
        using var effects = Look();
        var receipt = new Msg.Opening(new Dialog.Entering(EntryFor.Gone, "Gone", "its id", TextEdit.Empty));

        Press(receipt, new Msg.Typed(story.Id), new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.Dialog?.Trouble is not null);
        await Dora.DeleteStoryAsync(story.Id);
        Press(new Msg.Steered(Steer.Escape), receipt, new Msg.Typed(story.Id), new Msg.Steered(Steer.Enter));
        await ListedAsync(choice => choice.Label == "receipt");
        Press(new Msg.Steered(Steer.Enter));

        ((Dialog.Telling)Store.State.Dialog!).Text.Should().Contain(story.Media.Sha256).And.Contain("deleted at");
    }

    [Fact]
    public async Task What_was_said_under_a_story_that_has_expired_is_read_in_the_digest()
    {
        var story = await Dora.PostTextAsync(new() { Text = "over soon", Ttl = "5m" }, ApiClient.NewIdempotencyKey());
        await Ana.ReplyAsync(story.Id, "we keep the old parser");
        using var effects = Look();
        await UntilAsync(s => s.Connection == Connection.Live);
        Host.Clock.Advance(TimeSpan.FromMinutes(6));

        Press(new Msg.Want(Wish.Digest));
        await ListedAsync(choice => choice.Label == "answered · @ana");
        Press(new Msg.Typed("answered"), new Msg.Steered(Steer.Enter));
        await ListedAsync(choice => choice.Label.StartsWith("@ana ", StringComparison.Ordinal));
        Press(new Msg.Typed("@ana"), new Msg.Steered(Steer.Enter));

        Store.State.Dialog.Should().BeOfType<Dialog.Telling>().Which.Text.Should().Be("we keep the old parser");
    }

    [Fact]
    public async Task A_webhook_is_made_looked_at_and_ended()
    {
        using var effects = Look(await Host.SignInAsync("boss", Roles.Admin));
        await UntilAsync(s => s.Connection == Connection.Live);

        Press(new Msg.Listing("Webhooks", new Deed.ListWebhooks(TimeZoneInfo.Utc)));
        await ListedAsync(choice => choice.Label == "New webhook");
        Press(
            new Msg.Steered(Steer.Enter),
            new Msg.Typed("https://127.0.0.1/hook"),
            new Msg.Steered(Steer.Down),
            new Msg.Typed("story.posted reply"),
            new Msg.Steered(Steer.Down),
            new Msg.Steered(Steer.Enter)
        );
        await UntilAsync(s => s.Dialog is { Trouble: not null } or Dialog.Telling);
        Store
            .State.Dialog!.Trouble.Should()
            .StartWith("Address: ")
            .And.Contain("127.0.0.1", "no private address is told unless the host allows it");
        Press(
            new Msg.Steered(Steer.Up),
            new Msg.Steered(Steer.Up),
            new Msg.Steered(Steer.EraseLine),
            new Msg.Typed("https://8.8.8.8/hook"),
            new Msg.Steered(Steer.Down),
            new Msg.Steered(Steer.Down),
            new Msg.Steered(Steer.Enter)
        );
        await UntilAsync(s => s.Dialog is Dialog.Telling);
        Store.State.Copied.Text.Should().StartWith("whsec_");

        Press(new Msg.Steered(Steer.Escape), new Msg.Listing("Webhooks", new Deed.ListWebhooks(TimeZoneInfo.Utc)));
        await ListedAsync(choice => choice.Label == "https://8.8.8.8/hook");
        Press(new Msg.Steered(Steer.Enter), new Msg.Steered(Steer.Down), new Msg.Steered(Steer.Enter), new Msg.Typed("y"));
        await UntilAsync(s => s.Note?.Text.StartsWith("Ended", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_highlight_is_put_in_order_and_a_story_written_to_files()
    {
        var first = await PostAsync("first");
        var second = await PostAsync("second");
        await Dora.KeepAsync(first.Id, "best");
        await Dora.KeepAsync(second.Id, "best");
        using var effects = Look();
        await UntilAsync(s => s.Me == "dora");

        Press(new Msg.Listing("Highlights", new Deed.ListHighlights("dora")));
        await ListedAsync(choice => choice.Label == "best");
        Press(new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.OpenPlace is { Highlight: "best" });
        Press(new Msg.Want(Wish.Later));
        await UntilAsync(s => s.Note?.Text == "Moved.");

        (await Dora.GetHighlightAsync("dora", "best")).Select(story => story.Id).Should().Equal(second.Id, first.Id);
    }

    [Fact]
    public async Task Who_leaves_is_signed_out_and_gone()
    {
        using var effects = Look();
        await UntilAsync(s => s.Connection == Connection.Live);

        Press(new Msg.Opening(new Dialog.Asking("Leave?", "", new Deed.LeaveServer())), new Msg.Typed("y"));
        await UntilAsync(s => s.Dialog is Dialog.Telling);

        (await Ana.ListPeopleAsync()).Should().NotContain(person => person.Handle == "dora");
    }

    private Task<Story> PostAsync(string text) => Dora.PostTextAsync(new() { Text = text }, ApiClient.NewIdempotencyKey());

    private Task ListedAsync(Func<Choice, bool> holds) => UntilAsync(s => s.Dialog is Dialog.Choosing list && list.All.Any(holds));
}
