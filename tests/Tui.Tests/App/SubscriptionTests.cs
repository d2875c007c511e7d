using System.Net;
using System.Net.Sockets;
using StoriesCli.Contracts;
using StoriesCli.Testing;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

/// <summary>The effects against the real server, as the screen runs them: what they post is dispatched until a condition holds.</summary>
public sealed class SubscriptionTests : IntegrationTest
{
    [Fact]
    public async Task A_posted_picture_reaches_the_state_with_its_pixels_and_is_marked_as_seen_on_the_server()
    {
        var story = await Ana.Stories.PostAsync(
            new() { Caption = "Red" },
            MediaUpload.FromBytes(RedPng, "red.png"),
            ApiClient.NewIdempotencyKey()
        );

        using var effects = Look();
        await UntilAsync(s => s.Loaded.Pictures.ContainsKey(story.Id));

        Store.Model.Shown!.Caption.Should().Be("Red");
        Store.Model.Loaded.Pictures[story.Id].Missing.Should().BeNull();
        var blocks = Store.Model.Loaded.Pictures[story.Id].Blocks!;
        blocks.Cells.Should().Be(new StoriesCli.Tui.Images.Box(20, 10));
        blocks.At(0, 0).Fore.Red.Should().BeGreaterThan(200);
        blocks.At(0, 0).Fore.Green.Should().BeLessThan(30);
        (await Dora.Stories.GetAsync(story.Id)).Viewed.Should().BeFalse("it was not looked at yet");
        Press(new TerminalMsg.Tick(Viewing.SeenAfter, Host.Clock.GetUtcNow()));
        await UntilServerSaysAsync(async () => (await Dora.Stories.GetAsync(story.Id)).Viewed);
    }

    [Fact]
    public async Task New_edited_and_deleted_stories_are_told_without_asking()
    {
        var first = await Ana.Stories.PostTextAsync(new() { Text = "first" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == first.Id);

        var second = await Ana.Stories.PostTextAsync(new() { Text = "second" }, ApiClient.NewIdempotencyKey());
        await UntilAsync(s => s.Tray.OpenPlace?.IndexOf(second.Id) == 1);
        Store.Model.ShownId.Should().Be(first.Id);

        await Ana.Stories.EditAsync(first.Id, new() { Caption = "edited" });
        await UntilAsync(s => s.Shown?.Caption == "edited");

        await Ana.Stories.DeleteAsync(first.Id);
        await UntilAsync(s => s.ShownId == second.Id);
    }

    [Fact]
    public async Task A_story_that_expires_on_the_server_goes()
    {
        var brief = await Ana.Stories.PostTextAsync(new() { Text = "brief", Ttl = "5m" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == brief.Id);

        Host.Clock.Advance(TimeSpan.FromMinutes(5));
        await UntilAsync(s => s.Shown is null && s.Tray.Places.IsEmpty);
    }

    [Fact]
    public async Task A_server_that_was_away_is_heard_again_and_what_was_missed_is_there()
    {
        var first = await Ana.Stories.PostTextAsync(new() { Text = "first" }, ApiClient.NewIdempotencyKey());
        using var gate = new NetworkGate(Host.Url);
        using var dora = new ApiClient(
            gate.Url,
            await Host.JoinAsync("eve"),
            new ApiClientOptions { Retries = 0, RetryPause = TimeSpan.FromMilliseconds(20) }
        );
        using var effects = Look(dora);
        await UntilAsync(s => s.Shown?.Id == first.Id);

        gate.Close();
        await UntilAsync(s => s.Link.Connection == Connection.Offline);
        Store.Model.Shown!.Id.Should().Be(first.Id);
        var missed = await Ana.Stories.PostTextAsync(new() { Text = "missed" }, ApiClient.NewIdempotencyKey());
        gate.Open();

        await UntilAsync(s => s.Link.Connection == Connection.Live && s.Tray.OpenPlace!.IndexOf(missed.Id) == 1);
    }

    [Fact]
    public async Task What_was_posted_while_the_server_restarted_is_there_when_it_is_back()
    {
        var first = await Ana.Stories.PostTextAsync(new() { Text = "first" }, ApiClient.NewIdempotencyKey());
        var poster = await Host.JoinAsync("cem");
        using var gate = new NetworkGate(() => Host.Url);
        using var eve = new ApiClient(
            gate.Url,
            await Host.JoinAsync("eve"),
            new ApiClientOptions { Retries = 0, RetryPause = TimeSpan.FromMilliseconds(20) }
        );
        using var effects = Look(eve);
        await UntilAsync(s => s.Shown?.Id == first.Id);

        gate.Close();
        await Host.RestartAsync();
        var missed = await Host.Client(poster).Stories.PostTextAsync(new() { Text = "missed" }, ApiClient.NewIdempotencyKey());
        gate.Open();

        await UntilAsync(s =>
            s.Link.Connection == Connection.Live && s.Tray.Places.Any(place => place.Key.Handle == "cem" && place.Unseen == 1)
        );
        missed.Author.Handle.Should().Be("cem");
        Store.Model.Shown!.Id.Should().Be(first.Id);
    }

    [Fact]
    public async Task A_revoked_token_is_signed_out()
    {
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);

        await Dora.Tokens.RevokeAsync((await Dora.Tokens.ListAsync()).Single().Id);
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(s => s.Link.Connection == Connection.SignedOut);
    }

    [Fact]
    public async Task Who_was_disabled_and_is_enabled_again_is_live_again_by_itself()
    {
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);
        var admin = await Host.SignInAsync("boss", Roles.Admin);

        await admin.Admin.ChangeAccountAsync("dora", new() { Disabled = true });
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(s => s.Link.Connection == Connection.SignedOut);
        await admin.Admin.ChangeAccountAsync("dora", new() { Disabled = false });
        var live = UntilAsync(s => s.Link.Connection == Connection.Live);
        await Eventually.TrueAsync(() =>
        {
            Host.Clock.Advance(TimeSpan.FromSeconds(10));
            return live.IsCompleted;
        });
        await live;
    }

    [Fact]
    public async Task Ones_own_place_is_known_without_having_been_told_who_one_is()
    {
        await Dora.Stories.PostTextAsync(new() { Text = "mine" }, ApiClient.NewIdempotencyKey());
        await Ana.Stories.PostTextAsync(new() { Text = "hers" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();

        await UntilAsync(s => s.Tray.Places.Length == 2);

        Store.Model.Session.Me.Should().Be("dora");
        Store.Model.Tray.Places[1].Key.Handle.Should().Be("dora");
    }

    [Fact]
    public async Task A_slot_is_a_place_of_its_own()
    {
        await Ana.Stories.PostTextAsync(new() { Text = "free" }, ApiClient.NewIdempotencyKey());
        await Ana.Stories.PostTextAsync(new() { Text = "build", Slot = "build/main" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();

        await UntilAsync(s => s.Tray.Places is [{ IsCurrent: true }, { IsCurrent: true }]);

        Store.Model.Tray.Places.Select(place => place.Stories.Single().Text).Should().BeEquivalentTo("free", "build");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_offline()
    {
        using var nowhere = new ApiClient(FreePort(), "sty_x", new ApiClientOptions { Retries = 0 });
        using var effects = Look(nowhere);

        await UntilAsync(s => s.Link.Connection == Connection.Offline);

        Store.Model.Link.Error.Should().Contain("Nothing listens at");
    }

    [Fact]
    public async Task A_story_without_a_player_says_what_to_install()
    {
        await Ana.Stories.PostAsync(new(), MediaUpload.FromBytes(RedPng, "red.png"), ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown is not null);

        Store.Dispatch(Keys.Of("play"));
        await UntilAsync(s => s.PlayingId is null);

        Store.Model.Note!.Text.Should().Contain("Install mpv");
    }

    [Fact]
    public async Task A_reply_a_reaction_and_what_others_answer_reach_everybody_who_looks()
    {
        var story = await Ana.Stories.PostTextAsync(new() { Text = "card" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);

        await Ana.Conversation.ReplyAsync(story.Id, "hello?");
        await UntilAsync(s => s.Loaded.Details.GetValueOrDefault(story.Id)?.Replies?.Length == 1);
        Press(Keys.Of("reply"), new InputMsg.Typed("here"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Loaded.Details[story.Id].Replies!.Value.Length == 2 && s.Dialog is null);
        Press(Keys.Of("react"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Shown!.MyReaction == "🔥");

        (await Ana.Conversation.ListRepliesAsync(story.Id)).Select(reply => reply.Text).Should().Equal("hello?", "here");
        (await Ana.Stories.GetAsync(story.Id)).Reactions.Should().ContainKey("🔥");
    }

    [Fact]
    public async Task A_thread_that_was_there_before_and_the_whole_of_a_long_card_are_fetched()
    {
        var text = string.Join('\n', Enumerable.Range(1, 2000).Select(n => $"row {n}"));
        var story = await Ana.Stories.PostTextAsync(new() { Text = text }, ApiClient.NewIdempotencyKey());
        await Ana.Conversation.ReplyAsync(story.Id, "first");
        using var effects = Look();

        await UntilAsync(s => s.Loaded.Details.GetValueOrDefault(story.Id) is { Text: not null, Replies: not null });

        Store.Model.Loaded.Details[story.Id].Text.Should().Be(text);
        Store.Model.Loaded.Details[story.Id].Replies!.Value.Single().Text.Should().Be("first");
    }

    [Fact]
    public async Task Ones_own_story_tells_who_has_seen_it()
    {
        var story = await Dora.Stories.PostTextAsync(new() { Text = "mine" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);

        await Ana.Stories.MarkViewedAsync(story.Id);
        await UntilAsync(s => s.Loaded.Details.GetValueOrDefault(story.Id)?.Viewers is { Items: [{ Person.Handle: "ana" }] });
    }

    [Fact]
    public async Task A_file_is_picked_posted_kept_and_found_again()
    {
        await File.WriteAllBytesAsync(Path.Combine(Folder, "red.png"), RedPng);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "odd.bin"), [0, 1, 2, 3]);
        Directory.CreateDirectory(Path.Combine(Folder, "deeper"));
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);

        Press(Keys.Of("new"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Dialog is ListDialog { All.Length: > 0 });
        ((ListDialog)Store.Model.Dialog!).All.Select(choice => choice.Label).Should().Equal("deeper/", "red.png");
        Press(new InputMsg.Edited(EditKey.Down), new InputMsg.Edited(EditKey.Enter), new InputMsg.Typed("Red @home"));
        Press([.. Enumerable.Repeat(new InputMsg.Edited(EditKey.Down), 6), new InputMsg.Edited(EditKey.Enter)]);
        await UntilAsync(s => s.Dialog is null && s.Shown?.Caption == "Red @home");

        Press(Keys.Of("keep"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Dialog is null && s.Shown?.KeptIn == "kept");
        Press(Keys.Of("highlights"));
        await UntilAsync(s => s.Dialog is ListDialog { All.Length: 1 });
        Press(new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Tray.OpenPlace is { IsAlbum: true, Stories.Length: 1 });
        Press(CloseOpen.Msg, Keys.Of("search"), new InputMsg.Typed("red"), new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Tray.OpenPlace is { IsAlbum: true, Item.Slot: "/ red" });
    }

    [Fact]
    public async Task A_download_is_whole_and_never_replaces_a_file()
    {
        var story = await Ana.Stories.PostAsync(new(), MediaUpload.FromBytes(RedPng, "red.png"), ApiClient.NewIdempotencyKey());
        await File.WriteAllTextAsync(Path.Combine(Folder, "red.png"), "mine");
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);

        Press(Keys.Of("download"));
        await UntilAsync(s => s.Commands.IsEmpty);

        Store.Model.Note!.Text.Should().Be($"Saved as {Path.Combine(Folder, "red-2.png")}");
        (await File.ReadAllTextAsync(Path.Combine(Folder, "red.png"))).Should().Be("mine");
        (await File.ReadAllBytesAsync(Path.Combine(Folder, "red-2.png"))).Length.Should().Be((int)story.Media.Bytes);
        Directory.EnumerateFiles(Folder).Should().HaveCount(2, "no part is left");
    }

    [Fact]
    public async Task A_post_that_the_server_refuses_says_what_is_wrong_and_keeps_the_form()
    {
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);

        Press(
            Keys.Of("new"),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Typed("card"),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Typed("90d")
        );
        Press([.. Enumerable.Repeat(new InputMsg.Edited(EditKey.Down), 5), new InputMsg.Edited(EditKey.Enter)]);
        await UntilAsync(s => s.Dialog?.Error is not null);

        Store.Model.Dialog!.Error.Should().StartWith("Lifetime: ").And.Contain("30d").And.Contain("90d");
        ((FormDialog)Store.Model.Dialog)["text"].Should().Be("card");
    }

    [Fact]
    public async Task A_cancelled_upload_leaves_nothing_on_the_server()
    {
        var path = Path.Combine(Folder, "large.mp4");
        await File.WriteAllBytesAsync(path, [0, 0, 0, 24, .. "ftypisom"u8, .. new byte[60 * 1024 * 1024]]);
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);

        Press(Keys.Of("new"), new InputMsg.Typed(path));
        Press([.. Enumerable.Repeat(new InputMsg.Edited(EditKey.Down), 8), new InputMsg.Edited(EditKey.Enter)]);
        await UntilAsync(s => s.Dialog is FormDialog { Upload: not null });
        Press(new InputMsg.Edited(EditKey.Escape));

        Store.Model.Dialog!.Error.Should().StartWith("Cancelled");
        await UntilServerSaysAsync(async () =>
            (await Dora.Stories.ListAsync(new())).Items.Length == 0
            && new[] { "media", "tmp" }.Sum(folder => BytesOf(Path.Combine(Host.DataPath, folder))) < 10_000_000
        );
    }

    [Theory]
    [InlineData(false, "It ends in 5h.")]
    [InlineData(true, "It leaves tray and lists in 5h, and stays kept in best.")]
    public async Task A_new_lifetime_says_what_it_means_for_this_story(bool kept, string told)
    {
        var story = await Dora.Stories.PostTextAsync(new() { Text = "mine" }, ApiClient.NewIdempotencyKey());
        if (kept)
        {
            await Dora.Highlights.KeepAsync(story.Id, "best");
        }
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);

        Store.Dispatch(Keys.Of("extend"));
        Store.Dispatch(new InputMsg.Typed("5h"));
        Store.Dispatch(new InputMsg.Edited(EditKey.Enter));
        await UntilAsync(s => s.Note is not null);

        Store.Model.Note!.Text.Should().Be(told);
    }

    private static long BytesOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (FileNotFoundException)
        {
            // One went while it was counted.
            return long.MaxValue;
        }
    }

    private static Uri FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://{listener.LocalEndpoint}");
    }

    [Fact]
    public async Task A_server_that_is_none_of_ours_is_named_as_such()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var ended = new CancellationTokenSource();
        var answers = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                using var connection = await listener.AcceptTcpClientAsync(ended.Token);
                await using var stream = connection.GetStream();
                _ = await stream.ReadAsync(new byte[4096], ended.Token);
                await stream.WriteAsync(
                    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(),
                    ended.Token
                );
            }
        });
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var other = new ApiClient(new(url), "sty_x", new() { Retries = 0 });
        using var effects = Look(other);

        await UntilAsync(s => s.Link.Connection == Connection.Offline);

        Store.Model.Link.Error.Should().Be($"No stories-server answers at {url}. The server answered 404 Not Found. Check the server URL.");
        await ended.CancelAsync();
        await answers.ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
