using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Terminal;
using StoriesCli.Tui.Tests.Images;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.Time;
using Terminal.Gui.ViewBase;

namespace StoriesCli.Tui.Tests.Terminal;

public sealed class RasterTests : IDisposable
{
    private static readonly StoriesCli.Contracts.Story _first = Some.Story("ana", 1),
        _second = Some.Story("ana", 2);

    private readonly IApplication _app = Application.Create(new VirtualTimeProvider()).Init(DriverRegistry.Names.ANSI);
    private readonly Store _store = new(Some.LookingAtPictures(_first, _second));
    private readonly StringBuilder _graphics = new();
    private readonly RasterArea _slot = new();
    private readonly MainWindow _window;
    private readonly FrameDiff _diff;
    private readonly SessionToken _session;

    public RasterTests()
    {
        _app.Driver!.SetScreenSize(80, 24);
        _window = new(_store, new Palette(ColourDepth.True), _slot);
        _diff = new(_app, _window, new(_slot, bytes => _graphics.Append(Encoding.ASCII.GetString(bytes.Span))));
        _session = _app.Begin(_window)!;
        Frame();
    }

    public void Dispose()
    {
        _app.End(_session);
        _diff.Dispose();
        _window.Dispose();
        _app.Dispose();
    }

    /// <summary>What one frame sends besides cells.</summary>
    private string Frame()
    {
        _graphics.Clear();
        _app.LayoutAndDraw();
        return _graphics.ToString();
    }

    private string Receive(StoriesCli.Contracts.Story story, Raster raster)
    {
        _store.Dispatch(new MediaMsg.PictureArrived(story.Id, _store.Model.Display.Area, Some.Plain(10, 10, 9, 9, 9), raster));
        return Frame();
    }

    private static Raster Sixel(string data, int width = 20, int height = 10) =>
        new(new(width, height), GraphicsKind.Sixel, 0, Encoding.ASCII.GetBytes($"\eP{data}\e\\"));

    private static Raster Kitty(int id, int width = 20, int height = 10) =>
        new(new(width, height), GraphicsKind.Kitty, id, Encoding.ASCII.GetBytes($"\e_Gi={id};AAAA\e\\"));

    private static Raster Iterm(string data, int width = 20, int height = 10) =>
        new(new(width, height), GraphicsKind.Iterm, 0, Encoding.ASCII.GetBytes($"\e]1337;File=inline=1:{data}\a"));

    private static Raster Placeholders(int width = 20, int height = 10) =>
        Raster.Of(Some.Photo(width * 10, height * 20), new(width, height), Graphics.Of(GraphicsKind.Placeholders, new(10, 20)));

    [Fact]
    public void A_picture_of_placeholders_is_made_known_once_and_stands_in_cells_that_say_which_part_they_are()
    {
        var raster = Placeholders();

        var sent = Receive(_first, raster);

        var (pixels, keys) = Decoded.Kitty(Decoded.PastTmux(Encoding.ASCII.GetBytes(sent)));
        pixels.DistanceTo(Some.Photo(200, 200)).Should().Be(0);
        for (var i = 0; i < 20 * 10; i++)
        {
            var (column, row) = (i % 20, i / 20);
            var cell = _app.Driver!.Contents![_slot.At.Y + row, _slot.At.X + column];
            cell.Grapheme.Should().Be(KittyPlaceholders.CellAt(row, column));
            var colour = cell.Attribute!.Value.Foreground;
            (colour.R << 16 | colour.G << 8 | colour.B).Should().Be(int.Parse(keys["i"], CultureInfo.InvariantCulture));
        }
        _window.SetNeedsDraw();
        Frame().Should().BeEmpty();
    }

    [Fact]
    public void Help_over_placeholders_and_back_sends_no_picture_again()
    {
        Receive(_first, Placeholders());

        _window.NewKeyDownEvent(new Key('?').WithShift);
        Frame().Should().BeEmpty();
        _window.NewKeyDownEvent(Key.Esc);
        Frame().Should().BeEmpty();
        _app.Driver!.ToString().Should().Contain(KittyPlaceholders.CellAt(9, 19));
    }

    [Fact]
    public void The_next_placeholders_replace_the_old_which_is_then_forgotten_and_gets_a_new_number_when_it_comes_back()
    {
        var first = Ids(Receive(_first, Placeholders())).Should().ContainSingle().Subject;
        Receive(_second, Placeholders(30, 12));

        _window.NewKeyDownEvent(Key.CursorRight);
        var sent = Frame();
        sent.Should().EndWith(KittyPlaceholders.Delete(first));
        var second = Ids(sent).Should().ContainSingle().Subject;
        _window.NewKeyDownEvent(Key.CursorLeft);
        sent = Frame();

        sent.Should().EndWith(KittyPlaceholders.Delete(second));
        Ids(sent).Should().ContainSingle().Which.Should().NotBe(first).And.NotBe(second);
    }

    [Fact]
    public void Placeholders_that_did_not_arrive_are_blocks_until_they_are_tried_again()
    {
        var first = Ids(Receive(_first, Placeholders())).Should().ContainSingle().Subject;

        _slot.Lose(giveUp: false);
        Frame().Should().BeEmpty();
        _app.Driver!.ToString().Should().Contain("▀").And.NotContain(KittyPlaceholders.CellAt(0, 0));
        _slot.SendAgain();

        Ids(Frame()).Should().ContainSingle().Which.Should().NotBe(first);
        _app.Driver.ToString().Should().NotContain("▀").And.Contain(KittyPlaceholders.CellAt(0, 0));
    }

    [Fact]
    public void When_the_screen_is_given_away_only_the_own_picture_past_tmux_is_forgotten()
    {
        var id = Ids(Receive(_first, Placeholders())).Should().ContainSingle().Subject;
        _graphics.Clear();

        _diff.Dispose();

        _graphics.ToString().Should().Be(KittyPlaceholders.Delete(id));
    }

    [Fact]
    public void A_file_shown_inline_is_sent_once_and_overwritten_before_the_next()
    {
        Receive(_first, Iterm("one")).Should().Contain("\e[8;31H\e]1337;File=inline=1:one\a");
        Receive(_second, Iterm("two", 30, 12)).Should().BeEmpty();

        _window.NewKeyDownEvent(Key.CursorRight);
        var sent = Frame();

        for (var row = 8; row < 18; row++)
        {
            sent.Should().Contain($"\e[{row};31H{new string(' ', 20)}");
        }
        sent.IndexOf(new string(' ', 20), StringComparison.Ordinal).Should().BeLessThan(sent.IndexOf(":two", StringComparison.Ordinal));
    }

    private static int[] Ids(string sent) =>
        [.. Regex.Matches(sent, @"i=(\d+),a=T").Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    [Fact]
    public void A_sixel_is_sent_once_at_its_place_and_not_again_with_each_frame()
    {
        Receive(_first, Sixel("one")).Should().Contain("\e[8;31H\ePone\e\\").And.EndWith("\e\\");
        _app.Driver!.ToString().Should().NotContain("▀");

        _store.Dispatch(new TerminalMsg.Tick(TimeSpan.FromSeconds(1), Some.Now.AddSeconds(1)));
        Frame().Should().NotContain("\eP");
        _window.SetNeedsDraw();
        Frame().Should().NotContain("\eP");
    }

    [Fact]
    public void The_next_sixel_comes_after_the_old_ones_cells_were_emptied()
    {
        Receive(_first, Sixel("one"));
        Receive(_second, Sixel("two", 30, 12));

        _window.NewKeyDownEvent(Key.CursorRight);
        var sent = Frame();

        for (var row = 8; row < 18; row++)
        {
            sent.Should().Contain($"\e[{row};31H\e[20X");
        }
        sent.IndexOf("\e[20X", StringComparison.Ordinal).Should().BeLessThan(sent.IndexOf("\ePtwo", StringComparison.Ordinal));
        sent.Should().NotContain("\ePone").And.Contain("\e[7;26H\ePtwo");
    }

    [Fact]
    public void A_kitty_picture_stays_until_its_successor_is_there_and_is_then_deleted()
    {
        Receive(_first, Kitty(7));
        Receive(_second, Kitty(8));

        _window.NewKeyDownEvent(Key.CursorRight);
        var sent = Frame();

        sent.IndexOf(KittyEncoder.Delete(7), StringComparison.Ordinal)
            .Should()
            .BeGreaterThan(sent.IndexOf("\e_Gi=8;", StringComparison.Ordinal))
            .And.BePositive();
    }

    [Fact]
    public void Where_another_view_stands_over_it_the_picture_goes_and_it_comes_back_after()
    {
        foreach (var (raster, gone, back) in new[] { (Sixel("one"), "\e[20X", "\ePone"), (Kitty(9), KittyEncoder.Delete(9), "\e_Gi=9;") })
        {
            Receive(_first, raster);
            using var dialog = new View
            {
                X = 35,
                Y = 8,
                Width = 10,
                Height = 3,
                Text = "dialog",
            };
            _window.Add(dialog);
            Frame().Should().Contain(gone).And.NotContain(back);
            _app.Driver!.ToString().Should().Contain("dialog");

            _window.Remove(dialog);
            _window.SetNeedsDraw();
            foreach (var view in _window.SubViews)
            {
                view.SetNeedsDraw();
            }
            Frame().Should().Contain(back);
        }
    }

    [Fact]
    public void Help_over_the_stage_takes_the_picture_away()
    {
        Receive(_first, Kitty(7));

        // As kitty's keyboard protocol says it.
        _window.NewKeyDownEvent(new Key('?').WithShift);
        Frame().Should().Contain(KittyEncoder.Delete(7));
        _window.NewKeyDownEvent(Key.Esc);
        Frame().Should().Contain("\e_Gi=7;");
    }

    [Fact]
    public void After_a_resize_and_after_a_cleared_screen_a_sixel_is_sent_again()
    {
        Receive(_first, Sixel("one", 20, 5));

        _app.Driver!.SetScreenSize(90, 24);
        Frame().Should().Contain("\ePone");
        _app.Driver.ClearContents();
        _window.SetNeedsDraw();
        Frame().Should().Contain("\ePone");
    }

    [Fact]
    public void A_picture_larger_than_the_screen_has_become_is_not_sent()
    {
        Receive(_first, Sixel("one", 70, 12));

        _app.Driver!.SetScreenSize(40, 12);

        Frame().Should().NotContain("\ePone");
    }

    [Fact]
    public void What_the_terminal_can_becomes_known_while_blocks_are_shown_and_they_stay_until_the_new_picture_is_there()
    {
        _store.Dispatch(new MediaMsg.PictureArrived(_first.Id, _store.Model.Display.Area, Some.Plain(10, 10, 9, 9, 9)));
        Frame().Should().BeEmpty();

        var graphics = Graphics.Of(GraphicsKind.Sixel, new(8, 16));
        _store.Dispatch(new TerminalMsg.GraphicsChanged(graphics));
        _app.LayoutAndDraw();
        _app.Driver!.ToString().Should().Contain("▀");
        _store.Dispatch(
            new MediaMsg.PictureArrived(_first.Id, _store.Model.Display.Area, Some.Plain(10, 10, 9, 9, 9), Sixel("one"), graphics)
        );

        Frame().Should().Contain("\ePone");
        _app.Driver.ToString().Should().NotContain("▀");
    }

    [Fact]
    public void When_the_screen_is_given_away_kitty_lets_go_of_its_pictures()
    {
        Receive(_first, Kitty(7));

        _diff.Dispose();

        _graphics.ToString().Should().EndWith(KittyEncoder.DeleteAll);
    }
}
