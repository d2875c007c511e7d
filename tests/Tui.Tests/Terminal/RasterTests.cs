using System.Text;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Terminal;
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
    private readonly MainWindow _window;
    private readonly FrameDiff _diff;
    private readonly SessionToken _session;

    public RasterTests()
    {
        _app.Driver!.SetScreenSize(80, 24);
        var slot = new RasterArea();
        _window = new(_store, new Palette(ColourDepth.True), slot);
        _diff = new(_app, _window, new(slot, bytes => _graphics.Append(Encoding.ASCII.GetString(bytes.Span))));
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
