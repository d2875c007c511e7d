using System.Collections.Immutable;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Screen;

/// <summary>Rows of text from the top left.</summary>
internal class LinesView : View
{
    private readonly Palette _palette;
    private readonly DragSelection _drag = new();
    private ImmutableArray<Line> _lines = [];
    private bool _endsInClick;

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

    /// <summary>Takes the text that the mouse was dragged over; null: there is nothing to select.</summary>
    public Action<string>? Selected { get; init; }

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

    protected override bool OnClearingViewport() => CellWriter.TryBlank(this);

    protected override bool OnDrawingContent(DrawContext? context)
    {
        DrawRows();
        return true;
    }

    /// <summary>The rows that the mouse can select, and where the first begins.</summary>
    protected virtual (ImmutableArray<Line> Lines, int X, int Y) Rows => (_lines, 0, 0);

    /// <param name="card">The card that they are on, if any.</param>
    protected void DrawRows(int? card = null)
    {
        var (lines, x, y) = Rows;
        for (var row = 0; row < Math.Min(lines.Length, Viewport.Height - y); row++)
        {
            Draw(_drag.Paint(lines[row], row), x, y + row, card);
        }
    }

    protected override bool OnMouseEvent(Mouse mouse) => (Selected is not null && Drag(mouse)) || Moused?.Invoke(mouse) == true;

    /// <summary>While the button is held all mouse events come here, even from outside. With Shift the terminal itself selects, and no events come.</summary>
    private bool Drag(Mouse mouse)
    {
        var (lines, x, y) = Rows;
        if (mouse.Position is not { } at)
        {
            return false;
        }
        if (Clicks.Pressed(mouse))
        {
            _endsInClick = false;
            if (!lines.IsEmpty)
            {
                _drag.Begin(at.X - x, at.Y - y);
                App?.Mouse.GrabMouse(this);
            }
            return false;
        }
        if (Clicks.At(mouse) is not null)
        {
            return _endsInClick;
        }
        if (!_drag.IsOpen)
        {
            return false;
        }
        if (Clicks.Held(mouse))
        {
            _drag.Extend(at.X - x, at.Y - y);
            SetNeedsDraw();
            return true;
        }
        var text = _drag.TextOf(lines);
        _endsInClick = _drag.HasMoved;
        _drag.End();
        App?.Mouse.UngrabMouse();
        SetNeedsDraw();
        if (text.Length > 0)
        {
            Selected!(text);
        }
        return _endsInClick;
    }

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
