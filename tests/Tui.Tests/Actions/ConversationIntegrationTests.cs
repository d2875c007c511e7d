using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.App;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>What people say to stories and about them, against the real server.</summary>
public sealed class ConversationIntegrationTests : IntegrationTest
{
    [Fact]
    public async Task What_is_acknowledged_voted_and_resolved_reaches_the_server_and_who_looks()
    {
        await Dora.Stories.PostTextAsync(new() { Text = "help?", Asks = NewStory.Help }, ApiClient.NewIdempotencyKey());
        var poll = await Ana.Stories.PostTextAsync(
            new()
            {
                Text = "vote",
                Mentions = ["dora"],
                Poll = new() { Question = "Friday?", Options = ["yes", "no"] },
            },
            ApiClient.NewIdempotencyKey()
        );
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == poll.Id && s.Session.Me == "dora");

        Press(Keys.Of("ack"));
        await UntilAsync(s => s.Shown is { Acked: true, AckCount: 1 });
        Press(Keys.Of("vote"), new InputMsg.Typed("2"));
        await UntilAsync(s => s.Shown!.Poll!.MyVote == 1);
        await Ana.Conversation.VoteAsync(poll.Id, 1);
        await UntilAsync(s => s.Shown!.Poll!.Options[1].Votes == 2);
        Press(Keys.Of("ack"));
        await UntilAsync(s => s.Shown is { Acked: false, AckCount: 0 });

        Press(new InputMsg.PlaceClicked(new("dora", null)));
        await UntilAsync(s => s.Shown?.Help is not null);
        await Ana.Conversation.AckAsync(Store.Model.ShownId!);
        await UntilAsync(s => s.Loaded.Details.GetValueOrDefault(s.ShownId!)?.Acks is [{ Person.Handle: "ana" }]);
        Press(Keys.Of("resolve"));
        await UntilAsync(s => s.Shown!.Help!.Resolved);
        (await Ana.Stories.ListAllAsync(new() { Author = "dora" }).SingleAsync()).Help!.Resolved.Should().BeTrue();
    }

    [Fact]
    public async Task A_new_poll_and_an_answer_to_todays_question_are_posted_by_the_form()
    {
        var owner = await Host.SignInAsync("boss", Roles.Admin);
        var question = await owner.Questions.PutAsync("What did you learn?");
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);

        Press(Keys.Of("new"), new InputMsg.Edited(EditKey.Down), new InputMsg.Typed("Rust"));
        Press([
            .. Enumerable.Repeat(new InputMsg.Edited(EditKey.Down), 6),
            new InputMsg.Edited(EditKey.Enter),
            new InputMsg.Typed("More?"),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Typed("yes"),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Typed("no"),
        ]);
        Press([
            .. Enumerable.Repeat(new InputMsg.Edited(EditKey.Down), 5),
            new InputMsg.Typed("today"),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Edited(EditKey.Enter),
        ]);
        await UntilAsync(s => s.Dialog is null && s.Shown?.Poll is not null);

        (await owner.Questions.ListAnswersAsync(question.Id))
            .Single()
            .Poll!.Options.Select(option => option.Text)
            .Should()
            .Equal("yes", "no");
    }

    [Fact]
    public async Task Who_is_muted_calls_out_no_longer_until_the_time_is_over()
    {
        var story = await Ana.Stories.PostTextAsync(new() { Text = "loud", Tags = ["perf"] }, ApiClient.NewIdempotencyKey());
        await Ana.Stories.PostTextAsync(new() { Text = "louder" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);
        Press(new TerminalMsg.Tick(Viewing.SeenAfter, Host.Clock.GetUtcNow()));
        Store.Model.Tray.Places[0].Unseen.Should().Be(1);

        Press(Keys.Of("mute"), new InputMsg.Edited(EditKey.Enter), new InputMsg.Typed("1"));
        await UntilAsync(s => s.Tray.Places[0].Item.Muted);
        Store.Model.Tray.Places[0].Unseen.Should().Be(0);

        Host.Clock.Advance(TimeSpan.FromHours(1));
        Press(new TerminalMsg.Tick(TimeSpan.Zero, Host.Clock.GetUtcNow()));
        await UntilAsync(s => s.Tray.Places[0] is { Item.Muted: false, Unseen: 1 });

        foreach (var (target, name) in new[] { (1, "#perf"), (2, "everything") })
        {
            foreach (var (key, word) in new[] { ("4", "Muted: "), ("5", "Unmuted: ") })
            {
                Press([
                    Keys.Of("mute"),
                    .. Enumerable.Repeat(new InputMsg.Edited(EditKey.Down), target),
                    new InputMsg.Edited(EditKey.Enter),
                    new InputMsg.Typed(key),
                ]);
                // One of her two stories has the tag.
                var all = key == "4" && target == 2;
                await UntilAsync(s => s.Note?.Text == $"{word}{name}." && !s.Link.TrayStale && s.Tray.Places[0].Item.Muted == all);
            }
        }
    }

    [Fact]
    public async Task A_report_reaches_the_admins_and_who_has_seen_and_acknowledged_is_listed()
    {
        var admin = await Host.SignInAsync("boss", Roles.Admin);
        var mine = await Dora.Stories.PostTextAsync(new() { Text = "mine" }, ApiClient.NewIdempotencyKey());
        var hers = await Ana.Stories.PostTextAsync(new() { Text = "hers" }, ApiClient.NewIdempotencyKey());
        await Ana.Stories.MarkViewedAsync(mine.Id);
        await admin.Accounts.ChangeMeAsync(new() { PrivateViewing = true });
        await admin.Stories.MarkViewedAsync(mine.Id);
        await Ana.Conversation.AckAsync(mine.Id);
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == hers.Id);

        Press(Keys.Of("report"), new InputMsg.Typed("wrong room"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Dialog is null);
        (await admin.Reports.ListAsync())
            .Single()
            .Should()
            .Match<Report>(report => report.Reason == "wrong room" && report.Story.Id == hers.Id);

        Press(new InputMsg.PlaceClicked(new("dora", null)));
        await UntilAsync(s => s.Shown?.Id == mine.Id);
        Press(Keys.Of("seen-by"));
        await UntilAsync(s => s.Dialog is ListDialog { All.Length: 2 });
        var list = (ListDialog)Store.Model.Dialog!;
        list.Title.Should().Be("Seen by 2, acknowledged by 1");
        list.All[0].Should().Match<Choice>(row => row.Label == "@ana" && row.Detail.Contains("acknowledged"));
        list.All[1].Label.Should().Be("1 who looks privately");
    }

    [Fact]
    public async Task What_expired_is_found_in_the_archive_with_its_picture_and_its_card_and_can_be_saved_and_deleted()
    {
        var text = string.Join('\n', Enumerable.Range(1, 2000).Select(n => $"row {n}"));
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);
        Press(Keys.Of("archive"));
        await UntilAsync(s => s.Dialog is ConfirmDialog);
        Press(new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Note?.Text.Contains("is archived") == true);

        var picture = await Dora.Stories.PostAsync(
            new() { Caption = "Red", Ttl = "5m" },
            MediaUpload.FromBytes(RedPng, "red.png"),
            ApiClient.NewIdempotencyKey()
        );
        var card = await Dora.Stories.PostTextAsync(new() { Text = text, Ttl = "5m" }, ApiClient.NewIdempotencyKey());
        await Ana.Conversation.ReplyAsync(card.Id, "long");
        Host.Clock.Advance(TimeSpan.FromMinutes(6));
        await UntilServerSaysAsync(async () => await Dora.Archive.ListAsync().CountAsync() == 2);
        Press(new TerminalMsg.Tick(TimeSpan.Zero, Host.Clock.GetUtcNow()));

        Press(Keys.Of("archive"));
        await UntilAsync(s => s.Dialog is PromptDialog);
        Press(new InputMsg.Typed("red"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Loaded.Pictures.GetValueOrDefault(picture.Id)?.Blocks is not null);
        Store.Model.Loaded.Pictures[picture.Id].Blocks!.At(0, 0).Fore.Red.Should().BeGreaterThan(200);
        Press(Keys.Of("download"));
        await UntilAsync(s => s.Commands.IsEmpty);
        File.Exists(Path.Combine(Folder, "red.png")).Should().BeTrue();
        Press(Keys.Of("delete"), new InputMsg.Typed("y"));
        await UntilAsync(s => s.Tray.OpenPlace is not { IsArchive: true });

        Press(Keys.Of("archive"));
        await UntilAsync(s => s.Dialog is PromptDialog);
        Press(new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s =>
            s.Shown?.Id == card.Id && s.Loaded.Details.GetValueOrDefault(card.Id) is { Text: not null, Replies: not null }
        );
        Store.Model.Loaded.Details[card.Id].Text.Should().Be(text);
        (await Dora.Archive.ListAsync().SingleAsync()).Id.Should().Be(card.Id);
    }

    [Fact]
    public async Task A_question_is_asked_by_an_admin_alone_and_its_answers_are_shown()
    {
        using (Look())
        {
            await UntilAsync(s => s.Link.Connection == Connection.Live);
            Press(Keys.Of("question"));
            await UntilAsync(s => s.Dialog is ListDialog { Command: null, All.IsEmpty: true });
        }

        var boss = await Host.SignInAsync("boss", Roles.Admin);
        using var others = Look(boss);
        await UntilAsync(s => s.Link.Connection == Connection.Live);
        Press(Keys.Of("question"));
        await UntilAsync(s => s.Dialog is ListDialog { All.Length: 1 });
        Press(new InputMsg.Edited(EditKey.Enter), new InputMsg.Typed("Why?"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Dialog is null);

        var question = await Dora.Questions.GetAsync();
        question.Text.Should().Be("Why?");
        await Ana.Stories.PostTextAsync(new() { Text = "because", Answers = question.Id }, ApiClient.NewIdempotencyKey());
        Press(Keys.Of("question"));
        await UntilAsync(s => s.Dialog is ListDialog { All.Length: 4 });
        Press(new InputMsg.Typed("@ana"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Tray.OpenPlace is { IsAlbum: true } && s.Shown?.Text == "because");
    }

    [Fact]
    public async Task The_last_day_is_listed_and_each_line_leads_to_its_story()
    {
        using var looking = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);
        var story = await Ana.Stories.PostTextAsync(
            new()
            {
                Text = "the parser is done",
                Poll = new() { Question = "Ship\u001b[2J it?", Options = ["yes", "no"] },
            },
            ApiClient.NewIdempotencyKey()
        );
        await Ana.Conversation.ReplyAsync(story.Id, "finally");

        Press(Keys.Of("digest"));
        await UntilAsync(s => s.Dialog is ListDialog { All.Length: >= 3 });

        ((ListDialog)Store.Model.Dialog!)
            .All.Select(choice => $"{choice.Lead.Runs[1].Text.Trim()} {choice.Label}: {choice.Detail}")
            .Should()
            .Contain(["posted @ana: the parser is done", "answered @ana: finally", "asked @ana: poll: Ship it? — yes 0, no 0"]);
        Press(new InputMsg.Typed("parser"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Tray.OpenPlace is { IsAlbum: true } && s.Shown?.Id == story.Id);
    }

    [Fact]
    public async Task What_a_slot_showed_before_is_looked_at_newest_first()
    {
        foreach (var text in new[] { "first", "second", "third" })
        {
            await Ana.Stories.PostTextAsync(new() { Text = text, Slot = "build/main" }, ApiClient.NewIdempotencyKey());
        }
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Slot is not null);

        Press(Keys.Of("highlights"));
        await UntilAsync(s => s.Dialog is ListDialog { All: [{ Label: "build/main" }] });
        Press(new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Tray.OpenPlace is { IsAlbum: true });

        Store.Model.Tray.OpenPlace!.Stories.Select(story => story.Text).Should().Equal("third", "second", "first");
    }
}
