using System.Collections.Immutable;
using StoriesCli.Tui.Cards;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.Drawing;
using Terminal.Gui.ViewBase;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Screen;

/// <summary>The picture, a card, or a block of text, in the middle.</summary>
internal sealed class StageView : LinesView
{
    private readonly Palette _palette;
    private readonly RasterArea _slot;
    private StageVm _stage = StageVm.Nothing;

    public StageView(Palette palette, RasterArea slot)
        : base(palette)
    {
        (_palette, _slot) = (palette, slot);
        slot.Changed += SetNeedsDraw;
    }

    public void Show(StageVm stage)
    {
        _stage = stage;
        _slot.Raster = null;
        SetNeedsDraw();
    }

    protected override void Dispose(bool disposing)
    {
        _slot.Changed -= SetNeedsDraw;
        base.Dispose(disposing);
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        if (_stage.Raster is { } raster && !IsLost(raster))
        {
            DrawRaster(raster);
        }
        else if (_stage.Picture is { } picture)
        {
            DrawBlocks(picture);
        }
        else if (!_stage.Lines.IsEmpty)
        {
            DrawBlock();
        }
        return true;
    }

    /// <summary>Whether blocks have to stand for it.</summary>
    private bool IsLost(Raster raster)
    {
        if (raster.Kind != GraphicsKind.Placeholders)
        {
            return false;
        }
        _slot.NameOf(raster);
        if (_slot.IsLost)
        {
            _slot.Raster = null;
        }
        return _slot.IsLost;
    }

    /// <summary>The cells under the picture are empty and marked, so that it is not shown over another view; or they are the picture.</summary>
    private void DrawRaster(Raster raster)
    {
        var left = (Viewport.Width - raster.Cells.Width) / 2;
        var top = (Viewport.Height - raster.Cells.Height) / 2;
        var isText = raster.Kind == GraphicsKind.Placeholders;
        SetAttribute(isText ? new(Of(KittyPlaceholders.ColourOf(_slot.NameOf(raster))), Color.None) : RasterArea.Mark);
        for (var row = 0; row < raster.Cells.Height; row++)
        {
            Move(left, top + row);
            if (!isText)
            {
                AddStr(new string(' ', raster.Cells.Width));
                continue;
            }
            for (var column = 0; column < raster.Cells.Width; column++)
            {
                AddStr(KittyPlaceholders.CellAt(row, column));
            }
        }
        _slot.Raster = raster;
        _slot.At = ViewportToScreen(new System.Drawing.Point(left, top));
    }

    private void DrawBlocks(BlockPicture picture)
    {
        var left = Math.Max(0, (Viewport.Width - picture.Cells.Width) / 2);
        var top = Math.Max(0, (Viewport.Height - picture.Cells.Height) / 2);
        CellWriter.Write(
            App!.Driver!,
            new(ViewportToScreen(new System.Drawing.Point(left, top)), new(picture.Cells.Width, picture.Cells.Height)),
            (column, row) => new(ColoursOf(picture.At(column, row)), true, picture.GlyphAt(column, row))
        );
    }

    private Attribute ColoursOf(BlockCell cell) =>
        Shaded(new(_palette.OfPicture(cell.Fore), cell.Back is { } back ? _palette.OfPicture(back) : Color.None));

    /// <summary>The lines as one block in the middle.</summary>
    protected override (ImmutableArray<Line> Lines, int X, int Y) Rows =>
        _stage is { Picture: null, Raster: null, Lines.IsEmpty: false }
            ? (
                _stage.Lines,
                Math.Max(0, (Viewport.Width - _stage.Lines.Max(line => line.Columns)) / 2),
                Math.Max(0, (Viewport.Height - _stage.Lines.Length) / 2)
            )
            : ([], 0, 0);

    private static Color Of(Rgb colour) => new(colour.Red, colour.Green, colour.Blue);

    private void DrawBlock()
    {
        var margin = _stage.Card is null ? default : CardVm.Margin(new(Viewport.Width, Viewport.Height));
        if (margin.Width > 0)
        {
            DrawGround(_stage.Lines.Max(line => line.Columns) + 2 * margin.Width, _stage.Lines.Length + 2 * margin.Height);
        }
        DrawRows(margin.Width > 0 ? _stage.Card : null);
    }

    /// <summary>A few words have a card too. Without colours for it, a border is its edge.</summary>
    private void DrawGround(int columns, int rows)
    {
        var size = new Box(
            Math.Min(Math.Max(columns, CardVm.SmallestCard.Width), Viewport.Width),
            Math.Min(Math.Max(rows, CardVm.SmallestCard.Height), Viewport.Height)
        );
        // As the text is placed, so that it stands in the middle.
        var area = new Area(
            (Viewport.Width - columns) / 2 - (size.Width - columns) / 2,
            (Viewport.Height - rows) / 2 - (size.Height - rows) / 2,
            size.Width,
            size.Height
        );
        var border = new FrameVm([], [], [], Tone.Dim);
        for (var row = 0; row < area.Height; row++)
        {
            Draw(
                HasGrounds ? Line.Text(new(' ', area.Width), Tone.Plain)
                    : row == 0 ? border.Top(area.Width)
                    : row == area.Height - 1 ? border.Bottom(area.Width)
                    : border.Around(Line.Empty, area.Width),
                area.X,
                area.Y + row,
                _stage.Card
            );
        }
    }
}
