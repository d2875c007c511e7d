using System.Collections.Immutable;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Screen;

/// <summary>Rows of text from the top left.</summary>
internal class LinesView : View
{
    private readonly Palette _palette;
    private ImmutableArray<Line> _lines = [];

    /// <summary>Something is open over it.</summary>
    public bool IsShaded
    {
        get;
        set
        {
            if (field != value)
            {
                field = value;
                SetNeedsDraw();
            }
        }
    }

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

    protected bool HasGrounds => _palette.HasGrounds;

    protected Attribute Shaded(Attribute attribute) => IsShaded ? _palette.Shade(attribute) : attribute;

    /// <param name="line">What is drawn.</param>
    /// <param name="x">Column of its first cell.</param>
    /// <param name="row">Its row.</param>
    /// <param name="card">The card that it is on, if any.</param>
    protected void Draw(Line line, int x, int row, int? card = null)
    {
        Move(x, row);
        foreach (var run in line.Runs)
        {
            SetAttribute(Shaded(_palette.Of(run.Ink, card)));
            AddStr(run.Text);
        }
    }
}
