using StoriesCli.Tui.Images;
using StoriesCli.Tui.ViewModels;
using Terminal.Gui.ViewBase;

namespace StoriesCli.Tui.Views;

/// <summary>The picture, or a block of text, in the middle.</summary>
internal sealed class StageView(Palette palette) : LinesView(palette)
{
    private StageVm _stage = StageVm.Nothing;

    public void Show(StageVm stage)
    {
        _stage = stage;
        SetNeedsDraw();
    }

    protected override bool OnDrawingContent(DrawContext? context)
    {
        if (_stage.Picture is { } picture)
        {
            DrawPicture(picture);
        }
        else if (!_stage.Lines.IsEmpty)
        {
            DrawBlock();
        }
        return true;
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
