using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Actions.Account;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.App;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>The account's own matters, with a real server.</summary>
public sealed class AccountMenuIntegrationTests : IntegrationTest
{
    [Fact]
    public async Task Shares_are_listed_and_revoked()
    {
        var story = await PostAsync("shared");
        await Dora.Shares.CreateAsync(story.Id);
        using var effects = Look();

        Press(new DialogMsg.LoadList("Your shares", new Shares.Load()));
        await ListedAsync(choice => choice.Label == "shared" && choice.Detail.StartsWith("opened 0 times", StringComparison.Ordinal));
        Press(new InputMsg.Edited(EditKey.Enter), new InputMsg.Typed("y"));
        await UntilAsync(s => s.Note?.Text == "Revoked: its page is gone.");

        (await Dora.Shares.ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_feed_is_made_and_its_address_copied_and_ends_when_it_is_revoked()
    {
        await PostAsync("for readers");
        using var effects = Look();

        Press(new DialogMsg.LoadList("Your feeds", new Feeds.Load()));
        await ListedAsync(choice => choice.Label == "Make one");
        Press(new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Dialog is MessageDialog);
        using var reader = new HttpClient();
        (await reader.GetStringAsync(Store.Model.Output.Copied.Text)).Should().Contain("for readers");

        Press(new InputMsg.Edited(EditKey.Escape), new DialogMsg.LoadList("Your feeds", new Feeds.Load()));
        await UntilAsync(s => s.Dialog is ListDialog { All.Length: 2 });
        Press(new InputMsg.Edited(EditKey.Down), new InputMsg.Edited(EditKey.Enter), new InputMsg.Typed("y"));
        await UntilAsync(s => s.Note?.Text.StartsWith("Revoked", StringComparison.Ordinal) == true);
        (await reader.GetAsync(Store.Model.Output.Copied.Text)).IsSuccessStatusCode.Should().BeFalse();
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
            Press(new DialogMsg.Open(new Circles.Prompt("", [])), new InputMsg.Typed(text), new InputMsg.Edited(EditKey.Enter));
            await UntilAsync(s => s.Note?.Text == said);
            (await Dora.Circles.ListAsync()).Sum(circle => circle.Members.Length).Should().Be(members);
        }
    }

    [Fact]
    public async Task A_receipt_tells_that_nothing_is_left_and_not_before()
    {
        var story = await PostAsync("gone soon");
        using var effects = Look();
        var receipt = new DialogMsg.Open(new DeletedStory.IdPrompt());

        Press(receipt, new InputMsg.Typed(story.Id), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Dialog?.Error is not null);
        await Dora.Stories.DeleteAsync(story.Id);
        // The id is still there.
        Press(new InputMsg.Edited(EditKey.Escape), receipt, new InputMsg.Edited(EditKey.Enter));
        await ListedAsync(choice => choice.Label == "receipt");
        Press(new InputMsg.Edited(EditKey.Enter));

        ((MessageDialog)Store.Model.Dialog!).Text.Should().Contain(story.Media.Sha256).And.Contain("deleted at");
    }

    [Fact]
    public async Task What_was_said_under_a_story_that_has_expired_is_read_in_the_digest()
    {
        var story = await Dora.Stories.PostTextAsync(new() { Text = "over soon", Ttl = "5m" }, ApiClient.NewIdempotencyKey());
        await Ana.Conversation.ReplyAsync(story.Id, "we keep the old parser");
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);
        Host.Clock.Advance(TimeSpan.FromMinutes(6));

        Press(Keys.Of("digest"));
        await ListedAsync(choice => choice.Label == "@ana" && choice.Has("answered"));
        Press(new InputMsg.Typed("answered"), new InputMsg.Edited(EditKey.Enter));
        await ListedAsync(choice => choice.Label.StartsWith("@ana ", StringComparison.Ordinal));
        Press(new InputMsg.Typed("@ana"), new InputMsg.Edited(EditKey.Enter));

        Store.Model.Dialog.Should().BeOfType<MessageDialog>().Which.Text.Should().Be("we keep the old parser");
    }

    [Fact]
    public async Task A_webhook_is_made_looked_at_and_ended()
    {
        using var effects = Look(await Host.SignInAsync("boss", Roles.Admin));
        await UntilAsync(s => s.Link.Connection == Connection.Live);

        Press(new DialogMsg.LoadList("Webhooks", new Webhooks.Load()));
        await ListedAsync(choice => choice.Label == "New webhook");
        Press(
            new InputMsg.Edited(EditKey.Enter),
            new InputMsg.Typed("https://127.0.0.1/hook"),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Typed("story.posted reply"),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Edited(EditKey.Enter)
        );
        await UntilAsync(s => s.Dialog is { Error: not null } or MessageDialog);
        Store
            .Model.Dialog!.Error.Should()
            .StartWith("Address: ")
            .And.Contain("127.0.0.1", "no private address is told unless the host allows it");
        Press(
            new InputMsg.Edited(EditKey.Up),
            new InputMsg.Edited(EditKey.Up),
            new InputMsg.Edited(EditKey.EraseLine),
            new InputMsg.Typed("https://8.8.8.8/hook"),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Edited(EditKey.Enter)
        );
        await UntilAsync(s => s.Dialog is MessageDialog);
        Store.Model.Output.Copied.Text.Should().StartWith("whsec_");

        Press(new InputMsg.Edited(EditKey.Escape), new DialogMsg.LoadList("Webhooks", new Webhooks.Load()));
        await ListedAsync(choice => choice.Label == "https://8.8.8.8/hook");
        Press(
            new InputMsg.Edited(EditKey.Enter),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Edited(EditKey.Enter),
            new InputMsg.Typed("y")
        );
        await UntilAsync(s => s.Note?.Text.StartsWith("Ended", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_highlight_is_put_in_order_and_a_story_written_to_files()
    {
        var first = await PostAsync("first");
        var second = await PostAsync("second");
        await Dora.Highlights.KeepAsync(first.Id, "best");
        await Dora.Highlights.KeepAsync(second.Id, "best");
        using var effects = Look();
        await UntilAsync(s => s.Session.Me == "dora");

        Press(new DialogMsg.LoadList("Highlights", new ShowHighlights.Load("dora")));
        await ListedAsync(choice => choice.Label == "best");
        Press(new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Tray.OpenPlace is { Highlight: "best" });
        Press(Keys.Of("later"));
        await UntilAsync(s => s.Note?.Text == "Moved.");

        (await Dora.Highlights.GetAsync("dora", "best")).Select(story => story.Id).Should().Equal(second.Id, first.Id);
    }

    [Fact]
    public async Task Who_leaves_is_signed_out_and_gone()
    {
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);

        Press(new DialogMsg.Open(new ConfirmDialog("Leave?", "", new LeaveServer.Leave())), new InputMsg.Typed("y"));
        await UntilAsync(s => s.Dialog is MessageDialog);

        (await Ana.Accounts.ListPeopleAsync()).Should().NotContain(person => person.Handle == "dora");
    }

    private Task<Story> PostAsync(string text) => Dora.Stories.PostTextAsync(new() { Text = text }, ApiClient.NewIdempotencyKey());

    private Task ListedAsync(Func<Choice, bool> holds) => UntilAsync(s => s.Dialog is ListDialog list && list.All.Any(holds));
}
