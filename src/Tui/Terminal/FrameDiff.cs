using StoriesCli.Tui.Images;
using Terminal.Gui.App;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.ViewBase;

namespace StoriesCli.Tui.Terminal;

/// <summary>Sends only the cells that changed, each frame as one synchronized update (DEC 2026).</summary>
/// <remarks>Terminal.Gui sends every cell that was drawn, changed or not: a megabyte a second for a still picture.</remarks>
internal sealed class FrameDiff : IDisposable
{
    private readonly IApplication _app;
    private readonly View _root;
    private readonly RasterLayer _rasters;
    private readonly Action<string>? _writeIndexed;
    private readonly Action? _dropWaiting;
    private Cell[,]? _shown;
    private bool _inFrame;

    /// <param name="app">Whose frames.</param>
    /// <param name="root">What is drawn.</param>
    /// <param name="rasters">Pictures between the cells.</param>
    /// <param name="writeIndexed">Given where the terminal has 256 colours and no more: takes what has to be sent to it.</param>
    /// <param name="dropWaiting">Forgets earlier frames that have not gone out yet; called before a frame that sends every cell.</param>
    public FrameDiff(
        IApplication app,
        View root,
        RasterLayer? rasters = null,
        Action<string>? writeIndexed = null,
        Action? dropWaiting = null
    )
    {
        _app = app;
        _writeIndexed = writeIndexed;
        _dropWaiting = dropWaiting;
        _rasters = rasters ?? new(new(), _ => { });
        _root = root;
        root.DrawComplete += BeforeFlush;
        app.LayoutAndDrawComplete += AfterFlush;
        app.Driver!.ClearedContents += Forget;
        app.Iteration += LeaveCursor;
    }

    public void Dispose()
    {
        _root.DrawComplete -= BeforeFlush;
        _app.LayoutAndDrawComplete -= AfterFlush;
        _app.Iteration -= LeaveCursor;
        if (_app.Driver is { } driver)
        {
            _rasters.Leave();
            driver.ClearedContents -= Forget;
        }
    }

    private void Forget(object? sender, EventArgs e) => _shown = null;

    /// <summary>A hidden cursor would be hidden and placed again with each frame, a packet each over SSH.</summary>
    private void LeaveCursor(object? sender, EventArgs<IApplication?> e)
    {
        if (_app.Driver is { } driver && !driver.GetCursor().IsVisible)
        {
            driver.SetCursorNeedsUpdate(false);
        }
    }

    private void BeforeFlush(object? sender, EventArgs e)
    {
        var buffer = _app.Driver!.GetOutputBuffer();
        var isPartial = _shown is not null && IsSized(_shown, buffer);
        if (!_inFrame)
        {
            _inFrame = true;
            if (!isPartial)
            {
                _dropWaiting?.Invoke();
            }
            // Text that other programs wrote on the screen goes with the old frame.
            _app.Driver.WriteRaw(isPartial ? "\e[?2026h" : "\e[?2026h\e[0m\e[2J");
        }
        if (isPartial && buffer.Contents is { } cells && _shown is not null)
        {
            KeepChanged(buffer, cells, _shown);
            _rasters.BeforeCells(buffer, isAllSent: false);
        }
        else
        {
            _rasters.BeforeCells(buffer, isAllSent: true);
        }
        _writeIndexed?.Invoke(IndexedOutput.Take(buffer));
    }

    private static void KeepChanged(IOutputBuffer buffer, Cell[,] cells, Cell[,] shown)
    {
        for (var row = 0; row < buffer.Rows; row++)
        {
            if (buffer.DirtyLines[row])
            {
                buffer.DirtyLines[row] = KeepChanged(cells, shown, row, buffer.Cols);
            }
        }
    }

    /// <summary>Whether any cell of the row has to be sent.</summary>
    private static bool KeepChanged(Cell[,] cells, Cell[,] shown, int row, int columns)
    {
        var any = false;
        for (var column = 0; column < columns; column++)
        {
            ref var cell = ref cells[row, column];
            if (cell.IsDirty && IsShown(cell, shown[row, column]) && !FollowsCluster(cells, row, column))
            {
                cell.IsDirty = false;
            }
            any |= cell.IsDirty;
        }
        return any;
    }

    private static bool IsShown(Cell cell, Cell shown) =>
        IsOneCell(cell.Grapheme) && cell.Grapheme == shown.Grapheme && cell.Attribute == shown.Attribute;

    /// <summary>Whether every terminal shows it in one cell: a character of one UTF-16 unit, a part of a picture. Others may reach into the next.</summary>
    public static bool IsOneCell(string grapheme) =>
        grapheme.Length == 1 || BlockGlyphs.IsSextantOrOctant(grapheme) || KittyPlaceholders.IsPlaceholder(grapheme);

    /// <summary>A cluster may reach into the next cell: the two are sent together.</summary>
    private static bool FollowsCluster(Cell[,] cells, int row, int column) =>
        column > 0 && cells[row, column - 1] is { IsDirty: true } before && !IsOneCell(before.Grapheme);

    private void AfterFlush(object? sender, EventArgs e)
    {
        if (_app.Driver is not { } driver)
        {
            return;
        }
        var buffer = driver.GetOutputBuffer();
        _rasters.AfterCells(buffer);
        if (_inFrame)
        {
            _inFrame = false;
            driver.WriteRaw("\e[?2026l");
        }
        if (buffer.Contents is { } cells)
        {
            if (_shown is null || !IsSized(_shown, buffer))
            {
                _shown = new Cell[buffer.Rows, buffer.Cols];
            }
            Array.Copy(cells, _shown, cells.Length);
        }
    }

    private static bool IsSized(Cell[,] cells, IOutputBuffer buffer) =>
        cells.GetLength(0) == buffer.Rows && cells.GetLength(1) == buffer.Cols;
}
