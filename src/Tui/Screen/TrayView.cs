using StoriesCli.Tui.App;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace StoriesCli.Tui.Screen;

/// <summary>The row of people.</summary>
internal sealed class TrayView(Palette palette, Action<PlaceKey> open) : LinesView(palette)
{
    private TrayVm _tray = TrayVm.Empty;

    public void Show(TrayVm tray)
    {
        if (_tray != tray)
        {
            _tray = tray;
            SetNeedsDraw();
        }
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        foreach (var entry in _tray.Entries)
        {
            Draw(entry.Line, entry.X, 0);
        }
        if (_tray.MoreLeft)
        {
            Draw(Line.Text("‹", Tone.Dim), 0, 0);
        }
        if (_tray.MoreRight)
        {
            Draw(Line.Text("›", Tone.Dim), Viewport.Width - 1, 0);
        }
        return true;
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (Clicks.At(mouse) is not { } position || _tray.At(position.X) is not { } key)
        {
            return false;
        }
        open(key);
        return true;
    }
}
