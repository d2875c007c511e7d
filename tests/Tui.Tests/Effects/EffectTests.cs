using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using StoriesCli.Client;
using StoriesCli.Client.Players;
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

    public async Task DisposeAsync() => await _host.DisposeAsync();

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

    private EffectSet Look(ApiClient? client = null)
    {
        _store = new(Some.Empty with { Me = null, Pictured = true, Area = new(20, 10), Now = _host.Clock.GetUtcNow() });
        var options = new TuiOptions(client ?? _dora) { Clock = _host.Clock, Players = new(new Dictionary<string, Player>(), searchPath: null) };
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
