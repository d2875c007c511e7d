using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using StoriesCli.Client;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;
using StoriesCli.Testing;
using StoriesCli.Tui.Effects;
using StoriesCli.Tui.State;

namespace StoriesCli.Tui.Tests.Effects;

/// <summary>The effects against the real server, as the screen runs them: what they post is dispatched until a condition holds.</summary>
public sealed class EffectTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] _redPng = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAACXBIWXMAAAABAAAAAQBPJcTWAAAAEklEQVR4nGP4y8CAFWEXHbQSAPZwP0G2GkFNAAAAAElFTkSuQmCC");

    private readonly Channel<Msg> _posted = Channel.CreateUnbounded<Msg>();
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-tui-").FullName;
    private ServerHost _host = null!;
    private ApiClient _ana = null!;
    private ApiClient _dora = null!;
    private Store _store = null!;

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync();
        _ana = await _host.SignInAsync("ana");
        _dora = await _host.SignInAsync("dora");
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false, "It ends in 5h.")]
    [InlineData(true, "It leaves tray and lists in 5h, and stays kept in best.")]
    public async Task A_new_lifetime_says_what_it_means_for_this_story(bool kept, string told)
    {
        var story = await _dora.PostTextAsync(new() { Text = "mine" }, ApiClient.NewIdempotencyKey());
        if (kept)
        {
            await _dora.KeepAsync(story.Id, "best");
        }
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);

        _store.Dispatch(new Msg.Want(Wish.Extend));
        _store.Dispatch(new Msg.Typed("5h"));
        _store.Dispatch(new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.Note is not null);

        _store.State.Note!.Text.Should().Be(told);
    }

    [Fact]
    public async Task A_posted_picture_reaches_the_state_with_its_pixels_and_is_marked_as_seen_on_the_server()
    {
        var story = await _ana.PostAsync(new() { Caption = "Red" }, MediaUpload.FromBytes(_redPng, "red.png"), ApiClient.NewIdempotencyKey());

        using var effects = Look();
        await UntilAsync(s => s.Pictures.ContainsKey(story.Id));

        _store.State.Shown!.Caption.Should().Be("Red");
        _store.State.Pictures[story.Id].Missing.Should().BeNull();
        var pixels = _store.State.Pictures[story.Id].Pixels!;
        pixels.Size.Should().Be(new StoriesCli.Tui.Images.Box(20, 20));
        pixels.Rgb[0].Should().BeGreaterThan(200);
        pixels.Rgb[1].Should().BeLessThan(30);
        await UntilServerSaysAsync(async () => (await _dora.GetStoryAsync(story.Id)).Viewed);
    }

    [Fact]
    public async Task New_edited_and_deleted_stories_are_told_without_asking()
    {
        var first = await _ana.PostTextAsync(new() { Text = "first" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == first.Id);

        var second = await _ana.PostTextAsync(new() { Text = "second" }, ApiClient.NewIdempotencyKey());
        await UntilAsync(s => s.OpenPlace?.IndexOf(second.Id) == 1);
        _store.State.ShownId.Should().Be(first.Id);

        await _ana.EditAsync(first.Id, new() { Caption = "edited" });
        await UntilAsync(s => s.Shown?.Caption == "edited");

        await _ana.DeleteStoryAsync(first.Id);
        await UntilAsync(s => s.ShownId == second.Id);
    }

    [Fact]
    public async Task A_story_that_expires_on_the_server_goes()
    {
        var brief = await _ana.PostTextAsync(new() { Text = "brief", Ttl = "5m" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == brief.Id);

        _host.Clock.Advance(TimeSpan.FromMinutes(5));
        await UntilAsync(s => s.Shown is null && s.Places.IsEmpty);
    }

    [Fact]
    public async Task A_server_that_was_away_is_heard_again_and_what_was_missed_is_there()
    {
        var first = await _ana.PostTextAsync(new() { Text = "first" }, ApiClient.NewIdempotencyKey());
        using var gate = new Gate(_host.Url);
        using var dora = new ApiClient(gate.Url, await _host.JoinAsync("eve"), new ApiClientOptions { Retries = 0, RetryPause = TimeSpan.FromMilliseconds(20) });
        using var effects = Look(dora);
        await UntilAsync(s => s.Shown?.Id == first.Id);

        gate.Close();
        await UntilAsync(s => s.Connection == Connection.Offline);
        _store.State.Shown!.Id.Should().Be(first.Id);
        var missed = await _ana.PostTextAsync(new() { Text = "missed" }, ApiClient.NewIdempotencyKey());
        gate.Open();

        await UntilAsync(s => s.Connection == Connection.Live && s.OpenPlace!.IndexOf(missed.Id) == 1);
    }

    [Fact]
    public async Task A_revoked_token_is_signed_out()
    {
        using var effects = Look();
        await UntilAsync(s => s.Connection == Connection.Live);

        await _dora.RevokeTokenAsync((await _dora.ListTokensAsync()).Single().Id);
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(s => s.Connection == Connection.SignedOut);
    }

    [Fact]
    public async Task Ones_own_place_is_known_without_having_been_told_who_one_is()
    {
        await _dora.PostTextAsync(new() { Text = "mine" }, ApiClient.NewIdempotencyKey());
        await _ana.PostTextAsync(new() { Text = "hers" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();

        await UntilAsync(s => s.Places.Length == 2);

        _store.State.Me.Should().Be("dora");
        _store.State.Places[1].Key.Handle.Should().Be("dora");
    }

    [Fact]
    public async Task A_slot_is_a_place_of_its_own()
    {
        await _ana.PostTextAsync(new() { Text = "free" }, ApiClient.NewIdempotencyKey());
        await _ana.PostTextAsync(new() { Text = "build", Slot = "build/main" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();

        await UntilAsync(s => s.Places is [{ IsCurrent: true }, { IsCurrent: true }]);

        _store.State.Places.Select(place => place.Stories.Single().Text).Should().BeEquivalentTo("free", "build");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_offline()
    {
        using var nowhere = new ApiClient(FreePort(), "sty_x", new ApiClientOptions { Retries = 0 });
        using var effects = Look(nowhere);

        await UntilAsync(s => s.Connection == Connection.Offline);

        _store.State.Trouble.Should().Contain("Nothing listens at");
    }

    [Fact]
    public async Task A_story_without_a_player_says_what_to_install()
    {
        await _ana.PostAsync(new(), MediaUpload.FromBytes(_redPng, "red.png"), ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown is not null);

        _store.Dispatch(new Msg.Play());
        await UntilAsync(s => s.PlayingId is null);

        _store.State.Note!.Text.Should().Contain("install mpv");
    }

    [Fact]
    public async Task A_reply_a_reaction_and_what_others_answer_reach_everybody_who_looks()
    {
        var story = await _ana.PostTextAsync(new() { Text = "card" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);

        await _ana.ReplyAsync(story.Id, "hello?");
        await UntilAsync(s => s.Details.GetValueOrDefault(story.Id)?.Replies?.Length == 1);
        Press(new Msg.Want(Wish.Reply), new Msg.Typed("here"), new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.Details[story.Id].Replies!.Value.Length == 2 && s.Dialog is null);
        Press(new Msg.Want(Wish.React), new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.Shown!.MyReaction == "🔥");

        (await _ana.ListRepliesAsync(story.Id)).Select(reply => reply.Text).Should().Equal("hello?", "here");
        (await _ana.GetStoryAsync(story.Id)).Reactions.Should().ContainKey("🔥");
    }

    [Fact]
    public async Task A_thread_that_was_there_before_and_the_whole_of_a_long_card_are_fetched()
    {
        var text = string.Join('\n', Enumerable.Range(1, 2000).Select(n => $"row {n}"));
        var story = await _ana.PostTextAsync(new() { Text = text }, ApiClient.NewIdempotencyKey());
        await _ana.ReplyAsync(story.Id, "first");
        using var effects = Look();

        await UntilAsync(s => s.Details.GetValueOrDefault(story.Id) is { Text: not null, Replies: not null });

        _store.State.Details[story.Id].Text.Should().Be(text);
        _store.State.Details[story.Id].Replies!.Value.Single().Text.Should().Be("first");
    }

    [Fact]
    public async Task Ones_own_story_tells_who_has_seen_it()
    {
        var story = await _dora.PostTextAsync(new() { Text = "mine" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);

        await _ana.MarkViewedAsync(story.Id);
        await UntilAsync(s => s.Details.GetValueOrDefault(story.Id)?.Viewers is { Items: [{ Person.Handle: "ana" }] });
    }

    [Fact]
    public async Task A_file_is_picked_posted_kept_and_found_again()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "red.png"), _redPng);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "odd.bin"), [0, 1, 2, 3]);
        Directory.CreateDirectory(Path.Combine(_folder, "deeper"));
        using var effects = Look();
        await UntilAsync(s => s.Connection == Connection.Live);

        Press(new Msg.Want(Wish.Post), new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.Dialog is Dialog.Choosing { All.Length: > 0 });
        ((Dialog.Choosing)_store.State.Dialog!).All.Select(choice => choice.Label).Should().Equal("deeper/", "red.png");
        Press(new Msg.Steered(Steer.Down), new Msg.Steered(Steer.Enter), new Msg.Typed("Red @home"));
        Press([.. Enumerable.Repeat(new Msg.Steered(Steer.Down), 6), new Msg.Steered(Steer.Enter)]);
        await UntilAsync(s => s.Dialog is null && s.Shown?.Caption == "Red @home");

        Press(new Msg.Want(Wish.Keep), new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.Dialog is null && s.Shown?.KeptIn == "kept");
        Press(new Msg.Want(Wish.Highlights));
        await UntilAsync(s => s.Dialog is Dialog.Choosing { All.Length: 1 });
        Press(new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.OpenPlace is { IsAlbum: true, Stories.Length: 1 });
        Press(new Msg.Close(), new Msg.Want(Wish.Search), new Msg.Typed("red"), new Msg.Steered(Steer.Enter));
        await UntilAsync(s => s.OpenPlace is { IsAlbum: true, Item.Slot: "/ red" });
    }

    [Fact]
    public async Task A_download_is_whole_and_never_replaces_a_file()
    {
        var story = await _ana.PostAsync(new(), MediaUpload.FromBytes(_redPng, "red.png"), ApiClient.NewIdempotencyKey());
        await File.WriteAllTextAsync(Path.Combine(_folder, "red.png"), "mine");
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);

        Press(new Msg.Want(Wish.Download));
        await UntilAsync(s => s.Deeds.IsEmpty);

        _store.State.Note!.Text.Should().Be($"Saved as {Path.Combine(_folder, "red-2.png")}");
        (await File.ReadAllTextAsync(Path.Combine(_folder, "red.png"))).Should().Be("mine");
        (await File.ReadAllBytesAsync(Path.Combine(_folder, "red-2.png"))).Length.Should().Be((int)story.Media.Bytes);
        Directory.EnumerateFiles(_folder).Should().HaveCount(2, "no part is left");
    }

    [Fact]
    public async Task A_post_that_the_server_refuses_says_what_is_wrong_and_keeps_the_form()
    {
        using var effects = Look();
        await UntilAsync(s => s.Connection == Connection.Live);

        Press(new Msg.Want(Wish.Post), new Msg.Steered(Steer.Down), new Msg.Typed("card"), new Msg.Steered(Steer.Down), new Msg.Steered(Steer.Down), new Msg.Typed("90d"));
        Press([.. Enumerable.Repeat(new Msg.Steered(Steer.Down), 5), new Msg.Steered(Steer.Enter)]);
        await UntilAsync(s => s.Dialog?.Trouble is not null);

        _store.State.Dialog!.Trouble.Should().Contain("30d").And.Contain("90d");
        ((Dialog.Filling)_store.State.Dialog)["text"].Should().Be("card");
    }

    [Fact]
    public async Task A_cancelled_upload_leaves_nothing_on_the_server()
    {
        var path = Path.Combine(_folder, "large.mp4");
        await File.WriteAllBytesAsync(path, [0, 0, 0, 24, .. "ftypisom"u8, .. new byte[60 * 1024 * 1024]]);
        using var effects = Look();
        await UntilAsync(s => s.Connection == Connection.Live);

        Press(new Msg.Want(Wish.Post), new Msg.Typed(path));
        Press([.. Enumerable.Repeat(new Msg.Steered(Steer.Down), 8), new Msg.Steered(Steer.Enter)]);
        await UntilAsync(s => s.Dialog is Dialog.Filling { Upload: not null });
        Press(new Msg.Steered(Steer.Escape));

        _store.State.Dialog!.Trouble.Should().StartWith("Cancelled");
        await UntilServerSaysAsync(async () => (await _dora.ListStoriesAsync(new())).Items.Length == 0 && BytesOf(_host.DataPath) < 10_000_000);
    }

    [Fact]
    public async Task What_is_acknowledged_voted_and_resolved_reaches_the_server_and_who_looks()
    {
        await _dora.PostTextAsync(new() { Text = "help?", Asks = NewStory.Help }, ApiClient.NewIdempotencyKey());
        var poll = await _ana.PostTextAsync(new() { Text = "vote", Mentions = ["dora"], Poll = new() { Question = "Friday?", Options = ["yes", "no"] } }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == poll.Id && s.Me == "dora");

        Press(new Msg.Want(Wish.Ack));
        await UntilAsync(s => s.Shown is { Acked: true, AckCount: 1 });
        Press(new Msg.Want(Wish.Vote), new Msg.Typed("2"));
        await UntilAsync(s => s.Shown!.Poll!.MyVote == 1);
        await _ana.VoteAsync(poll.Id, 1);
        await UntilAsync(s => s.Shown!.Poll!.Options[1].Votes == 2);
        Press(new Msg.Want(Wish.Ack));
        await UntilAsync(s => s.Shown is { Acked: false, AckCount: 0 });

        Press(new Msg.OpenPlace(new("dora", null)));
        await UntilAsync(s => s.Shown?.Help is not null);
        await _ana.AckAsync(_store.State.ShownId!);
        await UntilAsync(s => s.Details.GetValueOrDefault(s.ShownId!)?.Acks is [{ Person.Handle: "ana" }]);
        Press(new Msg.Want(Wish.Resolve));
        await UntilAsync(s => s.Shown!.Help!.Resolved);
        (await _ana.ListAllStoriesAsync(new() { Author = "dora" }).SingleAsync()).Help!.Resolved.Should().BeTrue();
    }

    [Fact]
    public async Task A_new_poll_and_an_answer_to_todays_question_are_posted_by_the_form()
    {
        var owner = await _host.SignInAsync("boss", Roles.Admin);
        var question = await owner.PutQuestionAsync("What did you learn?");
        using var effects = Look();
        await UntilAsync(s => s.Connection == Connection.Live);

        Press(new Msg.Want(Wish.Post), new Msg.Steered(Steer.Down), new Msg.Typed("Rust"));
        Press([.. Enumerable.Repeat(new Msg.Steered(Steer.Down), 6), new Msg.Steered(Steer.Enter), new Msg.Typed("More? | yes | no")]);
        Press([.. Enumerable.Repeat(new Msg.Steered(Steer.Down), 4), new Msg.Typed("today"), new Msg.Steered(Steer.Down), new Msg.Steered(Steer.Enter)]);
        await UntilAsync(s => s.Dialog is null && s.Shown?.Poll is not null);

        (await owner.ListAnswersAsync(question.Id)).Single().Poll!.Options.Select(option => option.Text).Should().Equal("yes", "no");
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

    private void Press(params Msg[] messages) => Array.ForEach(messages, _store.Dispatch);

    private EffectSet Look(ApiClient? client = null)
    {
        _store = new(Some.Empty with { Me = null, Pictured = true, Area = new(20, 10), Now = _host.Clock.GetUtcNow() });
        var options = new TuiOptions(client ?? _dora) { Clock = _host.Clock, Folder = _folder, Players = new(new Dictionary<string, Player>(), searchPath: null) };
        return new(options, _store, message => _posted.Writer.TryWrite(message));
    }

    private async Task UntilAsync(Func<AppState, bool> holds)
    {
        using var late = new CancellationTokenSource(_patience);
        while (!holds(_store.State))
        {
            _store.Dispatch(await _posted.Reader.ReadAsync(late.Token));
        }
    }

    private static async Task UntilServerSaysAsync(Func<Task<bool>> holds)
    {
        using var late = new CancellationTokenSource(_patience);
        while (!await holds())
        {
            late.Token.ThrowIfCancellationRequested();
        }
    }

    private static Uri FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://{listener.LocalEndpoint}");
    }
}
