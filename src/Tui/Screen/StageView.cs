using StoriesCli.Tui.Images;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.ViewBase;

namespace StoriesCli.Tui.Screen;

/// <summary>The picture, or a block of text, in the middle.</summary>
internal sealed class StageView(Palette palette, RasterArea slot) : LinesView(palette)
{
    private StageVm _stage = StageVm.Nothing;

    public void Show(StageVm stage)
    {
        _stage = stage;
        slot.Raster = null;
        SetNeedsDraw();
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        if (_stage.Raster is { } raster)
        {
            MakeRoom(raster);
        }
        else if (_stage.Picture is { } picture)
        {
            DrawPicture(picture);
        }
        else if (!_stage.Lines.IsEmpty)
        {
            DrawBlock();
        }
        return true;
    }

    /// <summary>The cells under the picture are empty and marked, so that it is not shown over another view.</summary>
    private void MakeRoom(Raster raster)
    {
        var left = (Viewport.Width - raster.Cells.Width) / 2;
        var top = (Viewport.Height - raster.Cells.Height) / 2;
        SetAttribute(RasterArea.Mark);
        for (var row = 0; row < raster.Cells.Height; row++)
        {
            Move(left, top + row);
            AddStr(new string(' ', raster.Cells.Width));
        }
        slot.Raster = raster;
        slot.At = ViewportToScreen(new System.Drawing.Point(left, top));
    }

    private void DrawPicture(PixelBuffer picture)
    {
        var left = Math.Max(0, (Viewport.Width - picture.Width) / 2);
        var top = Math.Max(0, (Viewport.Height - HalfBlocks.Rows(picture)) / 2);
        for (var row = 0; row < HalfBlocks.Rows(picture); row++)
        {
            Move(left, top + row);
            for (var x = 0; x < picture.Width; x++)
            {
                SetAttribute(HalfBlocks.Cell(picture, x, row));
                AddRune(HalfBlocks.Glyph);
            }
        }
    }

    private void DrawBlock()
    {
        var left = Math.Max(0, (Viewport.Width - _stage.Lines.Max(line => line.Columns)) / 2);
        var top = Math.Max(0, (Viewport.Height - _stage.Lines.Length) / 2);
        for (var row = 0; row < _stage.Lines.Length; row++)
        {
            Draw(_stage.Lines[row], left, top + row);
        }
    }
}
