using System.Drawing;
using System.Globalization;
using System.Text;
using StoriesCli.Tui.Images;
using Terminal.Gui.Drivers;
using Graphics = StoriesCli.Tui.Images.Graphics;

namespace StoriesCli.Tui.Terminal;

/// <summary>Writes the picture of the slot between the cells, and removes it again without leaving a pixel of an older one.</summary>
/// <param name="slot">The picture and its place.</param>
/// <param name="write">Sends bytes.</param>
/// <param name="sent">Told the number and the bytes of each picture that was sent for placeholders.</param>
internal sealed class RasterLayer(RasterArea slot, Action<ReadOnlyMemory<byte>> write, Action<int, int>? sent = null)
{
    private Raster? _shown;
    private Rectangle _area;
    private bool _isDamaged,
        _isErased;
    private GraphicsKind? _kind;
    private int _known,
        _forgotten;

    /// <summary>Before the cells of a frame are sent: those under a picture that goes are emptied first.</summary>
    /// <param name="buffer">What is about to be sent.</param>
    /// <param name="isAllSent">Whether every cell is sent, as after the screen was cleared.</param>
    public void BeforeCells(IOutputBuffer buffer, bool isAllSent)
    {
        if (slot.Raster is { Kind: GraphicsKind.Placeholders } text && slot.Id != _known)
        {
            MakeKnown(text);
        }
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
        Forget();
        // Placeholders are cells, which have been sent.
        if (slot.Raster is not { Kind: not GraphicsKind.Placeholders } wanted)
        {
            return;
        }
        var isThere = ReferenceEquals(wanted, _shown) && slot.At == _area.Location;
        // A kitty picture lies over the cells, and goes only with the whole screen.
        if ((isThere && !(_isDamaged && wanted.IsInCells) && !_isErased) || !IsFree(buffer))
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
        (_forgotten, _known) = (_known, 0);
        Forget();
        (_shown, _kind) = (null, null);
    }

    /// <summary>Before the cells that stand for it: they show nothing of a picture that comes later. It stays known while others cover it.</summary>
    private void MakeKnown(Raster raster)
    {
        write(slot.Id == raster.Id ? raster.Data : KittyPlaceholders.WithId(raster.Data, slot.Id));
        (_forgotten, _known) = (_known, slot.Id);
        sent?.Invoke(slot.Id, raster.Data.Length);
    }

    /// <summary>The picture before this one, whose cells are gone.</summary>
    private void Forget()
    {
        if (_forgotten != 0)
        {
            Write(KittyPlaceholders.Delete(_forgotten));
            _forgotten = 0;
        }
    }

    private void Remove(Raster shown)
    {
        var text = new StringBuilder(shown.Kind == GraphicsKind.Kitty ? KittyEncoder.Delete(shown.Id) : "\e[0m");
        for (var row = 0; row < _area.Height && shown.IsInCells; row++)
        {
            text.Append(Place(_area.X, _area.Y + row));
            // Not every terminal with inline images takes them away when cells are erased; every one does when they are written.
            _ =
                shown.Kind == GraphicsKind.Iterm
                    ? text.Append(' ', _area.Width)
                    : text.Append(CultureInfo.InvariantCulture, $"\e[{_area.Width}X");
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
        // A file on the last row would scroll the screen in terminals that move the cursor below it.
        var rows = raster.Kind == GraphicsKind.Iterm ? buffer.Rows - 1 : buffer.Rows;
        if (area.Left < 0 || area.Top < 0 || area.Right > buffer.Cols || area.Bottom > rows)
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
