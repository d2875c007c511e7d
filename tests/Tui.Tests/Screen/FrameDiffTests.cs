using System.Text;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.Testing;
using Terminal.Gui.Time;

namespace StoriesCli.Tui.Tests.Screen;

public class FrameDiffTests
{
    [Fact]
    public void A_redrawn_picture_that_did_not_change_sends_nothing_and_a_changed_one_only_its_cells()
    {
        using var app = Application.Create(new VirtualTimeProvider()).Init(DriverRegistry.Names.ANSI);
        app.Driver!.SetScreenSize(80, 24);
        var story = Some.Story("ana", 1);
        var store = new Store(Some.LookingAtPictures(story));
        using var window = new MainWindow(store, new Palette(ColourDepth.True));
        using var diff = new FrameDiff(app, window);
        var session = app.Begin(window)!;
        app.LayoutAndDraw();
        var picture = Some.Plain(60, 28, 200, 10, 20);
        store.Dispatch(new MediaMsg.PictureArrived(story.Id, store.Model.Display.Area, picture));
        var first = Redraw(app, window);

        var still = Redraw(app, window);
        picture.Rgb[0] = 0;
        store.Dispatch(new MediaMsg.PictureArrived(story.Id, store.Model.Display.Area, picture));
        var changed = Redraw(app, window);

        first.Should().BeGreaterThan(60 * 14);
        still.Should().Be(0);
        changed.Should().BeInRange(1, 60);
        app.End(session);
    }

    [Fact]
    public void A_still_picture_of_placeholders_or_octants_is_sent_once_though_its_characters_are_longer_than_one_unit()
    {
        using var app = Application.Create(new VirtualTimeProvider()).Init(DriverRegistry.Names.ANSI);
        app.Driver!.SetScreenSize(80, 24);
        var story = Some.Story("ana", 1);
        var store = new Store(Some.LookingAtPictures(story));
        var slot = new RasterArea();
        using var window = new MainWindow(store, new Palette(ColourDepth.True), slot);
        using var diff = new FrameDiff(app, window, new(slot, _ => { }));
        var session = app.Begin(window)!;
        app.LayoutAndDraw();
        var octants = BlockPicture.FromPixels(Some.Photo(120, 56), BlockShape.Octant);
        var raster = Raster.Of(Some.Photo(600, 280), new(60, 14), Graphics.Of(GraphicsKind.Placeholders, new(10, 20)));

        foreach (var shown in (Raster?[])[null, raster])
        {
            store.Dispatch(new MediaMsg.PictureArrived(story.Id, store.Model.Display.Area, octants, shown));
            Redraw(app, window).Should().BeGreaterThan(60 * 14 * 4);
            Redraw(app, window).Should().Be(0);
        }
        app.End(session);
    }

    [Fact]
    public void A_terminal_of_256_colours_is_sent_the_same_cells_in_colours_that_it_has()
    {
        using var app = Application.Create(new VirtualTimeProvider()).Init(DriverRegistry.Names.ANSI);
        app.Driver!.SetScreenSize(80, 24);
        var story = Some.Story("ana", 1) with { Caption = "née 山田 🎉 e\u0301nd" };
        var store = new Store(Some.LookingAtPictures(story, Some.Story("bob", 2)));
        using var window = new MainWindow(store, new Palette(ColourDepth.True));
        var terminal = new Emulator(80, 24);
        var sent = "";
        using var diff = new FrameDiff(
            app,
            window,
            writeIndexed: output =>
            {
                sent += output;
                var work = long.MaxValue;
                terminal.Feed(Encoding.UTF8.GetBytes(output), ref work);
            }
        );
        var session = app.Begin(window)!;

        app.LayoutAndDraw();
        store.Dispatch(new MediaMsg.PictureArrived(story.Id, store.Model.Display.Area, Some.Plain(60, 28, 255, 0, 95)));
        app.LayoutAndDraw();
        foreach (var key in (Key[])[new('?'), Key.Esc, Key.CursorDown])
        {
            app.InjectKey(key);
            app.LayoutAndDraw();
        }

        sent.Should().Contain("\e[0;38;5;197;48;5;197m▀").And.NotContain("8;2;");
        app.Driver.GetOutput().GetLastOutput().Should().NotContain("8;2;");
        Rows(terminal).Should().Be(app.Driver!.ToString());
        app.End(session);
    }

    private static string Rows(Emulator terminal) => string.Concat(Enumerable.Range(0, terminal.Rows).Select(y => Row(terminal.Row(y))));

    private static string Row(ReadOnlySpan<Glyph> row)
    {
        var text = new StringBuilder();
        foreach (var glyph in row)
        {
            glyph.AppendTo(text);
        }
        return text.AppendLine().ToString();
    }

    /// <summary>Bytes of the cells that are sent, without the frame around them.</summary>
    private static int Redraw(IApplication app, MainWindow window)
    {
        foreach (var view in window.SubViews)
        {
            view.SetNeedsDraw();
        }
        app.LayoutAndDraw();
        return Encoding.UTF8.GetByteCount(app.Driver!.GetOutput().GetLastOutput().Replace("\e[?2026h", "").Replace("\e[?2026l", ""));
    }
}
