using StoriesCli.Testing;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Terminal;

namespace StoriesCli.Tui.Tests.Terminal;

public sealed class PlaceholderDeliveryTests : IDisposable
{
    private readonly Raster _raster = new(new(4, 2), GraphicsKind.Placeholders, KittyPlaceholders.NextId(), default);
    private readonly RasterArea _slot = new();
    private readonly PlaceholderDelivery _delivery;
    private readonly List<string> _asked = [];
    private readonly List<Action> _later = [];
    private PaneState _pane = PaneState.Active;
    private TimeSpan _wait;
    private Action? _posted;
    private int _redraws;

    public PlaceholderDeliveryTests()
    {
        _slot.Changed += () => _redraws++;
        _delivery = new(
            _slot,
            _ => Task.FromResult(_pane),
            _asked.Add,
            (wait, action) =>
            {
                _wait = wait;
                _later.Add(action);
            },
            action => Volatile.Write(ref _posted, action)
        );
    }

    public void Dispose() => _delivery.Dispose();

    [Fact]
    public async Task A_picture_that_the_terminal_knows_is_left_alone()
    {
        var id = await SendAsync();

        _asked.Should().Equal(KittyPlaceholders.Query(id));
        _delivery.Hear($"\e_Gi={id};OK");
        Pass();

        _slot.IsLost.Should().BeFalse();
        _slot.NameOf(_raster).Should().Be(id);
        _redraws.Should().Be(0);
    }

    [Fact]
    public async Task Without_an_answer_it_is_sent_under_another_number_three_times_at_most_and_then_blocks_stand_for_it()
    {
        var ids = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            _slot.IsLost.Should().BeFalse();
            ids.Add(await SendAsync());
            _delivery.Hear("\e_Gi=31;OK");
            Pass();
        }

        ids.Should().OnlyHaveUniqueItems();
        _slot.IsLost.Should().BeTrue();
        _redraws.Should().Be(3);

        // A key is a reason to try once more, not for ever.
        _delivery.OnKey();
        for (var i = 0; i < 3; i++)
        {
            _slot.IsLost.Should().BeFalse();
            await SendAsync();
            Pass();
        }
        _delivery.OnKey();
        _slot.NameOf(new(new(1, 1), GraphicsKind.Placeholders, 1, default));
        _slot.IsLost.Should().BeTrue("no other picture will arrive either");

        _delivery.Renew();
        _slot.NameOf(_raster);
        _slot.IsLost.Should().BeFalse("the viewer asked for it");
    }

    [Fact]
    public async Task While_nobody_looks_at_the_window_blocks_stand_for_it_and_a_key_brings_it()
    {
        _pane = PaneState.Hidden;
        await SendAsync();

        _slot.IsLost.Should().BeTrue();
        _asked.Should().BeEmpty();

        _pane = PaneState.Active;
        _delivery.OnKey();
        var id = await SendAsync();
        _slot.IsLost.Should().BeFalse();
        _asked.Should().Equal(KittyPlaceholders.Query(id));
    }

    [Theory]
    [InlineData(PaneState.Visible)]
    [InlineData(PaneState.Unknown)]
    public async Task Nothing_is_asked_where_another_pane_would_get_the_answer(object pane)
    {
        _pane = (PaneState)pane;
        await SendAsync();

        _asked.Should().BeEmpty();
        _later.Should().BeEmpty();
        _slot.IsLost.Should().BeFalse();
    }

    [Fact]
    public async Task Nothing_is_asked_once_the_terminal_was_given_away()
    {
        _delivery.Sent(_slot.NameOf(_raster), 1000);
        await Eventually.TrueAsync(() => Volatile.Read(ref _posted) is not null);
        _delivery.Dispose();
        _posted!();

        _asked.Should().BeEmpty("the shell would show it");
    }

    [Fact]
    public async Task A_large_picture_has_more_time_to_arrive()
    {
        await SendAsync(400_000);
        _wait.Should().Be(TimeSpan.FromSeconds(5));
    }

    private async Task<int> SendAsync(int bytes = 1000)
    {
        var id = _slot.NameOf(_raster);
        _delivery.Sent(id, bytes);
        await Eventually.TrueAsync(() => Volatile.Read(ref _posted) is not null);
        Interlocked.Exchange(ref _posted, null)!();
        return id;
    }

    /// <summary>The time is over for everything that has one.</summary>
    private void Pass()
    {
        foreach (var action in _later.ToArray())
        {
            _later.Remove(action);
            action();
        }
    }
}
