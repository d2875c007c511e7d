using System.Drawing;
using System.Globalization;
using System.Text;
using StoriesCli.Tui.Images;
using Terminal.Gui.Drivers;
using Graphics = StoriesCli.Tui.Images.Graphics;

namespace StoriesCli.Tui.Terminal;

/// <summary>Writes the picture of the slot between the cells, and removes it again without leaving a pixel of an older one.</summary>
internal sealed class RasterLayer(RasterArea slot, Action<ReadOnlyMemory<byte>> write)
{
    private Raster? _shown;
    private Rectangle _area;
    private bool _isDamaged,
        _isErased;
    private GraphicsKind? _kind;

    /// <summary>Before the cells of a frame are sent: those under a picture that goes are emptied first.</summary>
    /// <param name="buffer">What is about to be sent.</param>
    /// <param name="isAllSent">Whether every cell is sent, as after the screen was cleared.</param>
    public void BeforeCells(IOutputBuffer buffer, bool isAllSent)
    {
        if (_shown is not { } shown)
        {
            return;
        }
        var isCovered = !IsFree(buffer);
        _isErased = isAllSent;
        _isDamaged = isAllSent || IsAnySent(buffer);
        if (!isCovered && ReferenceEquals(slot.Raster, shown) && slot.At == _area.Location)
        {
            return;
        }
        // A kitty picture stays until its successor is there; a sixel is part of the cells.
        var isOverdrawn =
            !isCovered && slot.Raster is { } next && next.Kind == shown.Kind && Area(next) == _area && shown.Kind == GraphicsKind.Kitty;
        if (!isOverdrawn)
        {
            Remove(shown);
        }
    }

    /// <summary>After the cells were sent.</summary>
    public void AfterCells(IOutputBuffer buffer)
    {
        if (slot.Raster is not { } wanted)
        {
            return;
        }
        var isThere = ReferenceEquals(wanted, _shown) && slot.At == _area.Location;
        // A kitty picture lies over the cells, and goes only with the whole screen.
        if ((isThere && !(_isDamaged && wanted.Kind == GraphicsKind.Sixel) && !_isErased) || !IsFree(buffer))
        {
            return;
        }
        Write($"\e[0m{Place(slot.At.X, slot.At.Y)}");
        write(wanted.Data);
        if (_shown is { Kind: GraphicsKind.Kitty } old && old.Id != wanted.Id)
        {
            Write(KittyEncoder.Delete(old.Id));
        }
        (_shown, _area, _isDamaged, _isErased, _kind) = (wanted, Area(wanted), false, false, wanted.Kind);
    }

    /// <summary>The screen is given away.</summary>
    public void Leave()
    {
        if (_kind is { } kind)
        {
            Write(new Graphics(kind, default).ResetSequence);
        }
        (_shown, _kind) = (null, null);
    }

    private void Remove(Raster shown)
    {
        var text = new StringBuilder(shown.Kind == GraphicsKind.Kitty ? KittyEncoder.Delete(shown.Id) : "\e[0m");
        for (var row = 0; row < _area.Height && shown.Kind == GraphicsKind.Sixel; row++)
        {
            text.Append(Place(_area.X, _area.Y + row)).Append(CultureInfo.InvariantCulture, $"\e[{_area.Width}X");
        }
        Write(text.ToString());
        _shown = null;
    }

    /// <summary>Whether nothing has been drawn over the slot.</summary>
    private bool IsFree(IOutputBuffer buffer)
    {
        if (slot.Raster is not { } raster || buffer.Contents is not { } cells)
        {
            return false;
        }
        var area = Area(raster);
        if (area.Left < 0 || area.Top < 0 || area.Right > buffer.Cols || area.Bottom > buffer.Rows)
        {
            return false;
        }
        for (var y = area.Top; y < area.Bottom; y++)
        {
            for (var x = area.Left; x < area.Right; x++)
            {
                if (!RasterArea.IsMark(cells[y, x]))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private bool IsAnySent(IOutputBuffer buffer)
    {
        for (var y = _area.Top; y < Math.Min(_area.Bottom, buffer.Rows); y++)
        {
            for (var x = _area.Left; buffer.DirtyLines[y] && x < Math.Min(_area.Right, buffer.Cols); x++)
            {
                if (buffer.Contents![y, x].IsDirty)
                {
                    return true;
                }
            }
        }
        return false;
    }

    private void Write(string text) => write(Encoding.ASCII.GetBytes(text));

    private Rectangle Area(Raster raster) => new(slot.At, new(raster.Cells.Width, raster.Cells.Height));

    private static string Place(int x, int y) => string.Create(CultureInfo.InvariantCulture, $"\e[{y + 1};{x + 1}H");
}
