using System.Collections.Immutable;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace StoriesCli.Tui.Screen;

/// <summary>Rows of text from the top left.</summary>
internal class LinesView : View
{
    private readonly Palette _palette;
    private ImmutableArray<Line> _lines = [];

    /// <summary>Handles the mouse; returns whether it did anything.</summary>
    public Func<Mouse, bool>? Moused { get; init; }

    public LinesView(Palette palette)
    {
        _palette = palette;
        CanFocus = false;
    }

    public void Show(params ImmutableArray<Line> lines)
    {
        if (!_lines.AsSpan().SequenceEqual(lines.AsSpan()))
        {
            _lines = lines;
            SetNeedsDraw();
        }
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        for (var row = 0; row < Math.Min(_lines.Length, Viewport.Height); row++)
        {
            Draw(_lines[row], 0, row);
        }
        return true;
    }

    protected override bool OnMouseEvent(Mouse mouse) => Moused?.Invoke(mouse) == true;

    protected void Draw(Line line, int x, int row)
    {
        Move(x, row);
        foreach (var run in line.Runs)
        {
            SetAttribute(_palette.Of(run.Ink));
            AddStr(run.Text);
        }
    }
}
