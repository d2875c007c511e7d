using System.Drawing;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.ViewBase;

namespace StoriesCli.Tui.Terminal;

/// <summary>
/// Cells that are written without being measured. Terminal.Gui measures each one as text, blanks too, which makes objects and took a third
/// of the processor time of a start.
/// </summary>
internal static class CellWriter
{
    private const string Space = " ";

    /// <summary>Empties a view's own cells, and returns whether it could: it cannot before the view has a screen.</summary>
    public static bool TryBlank(View view)
    {
        if (view.App?.Driver is not { } driver)
        {
            return false;
        }
        Fill(driver, view.ViewportToScreen(view.Viewport with { Location = default }));
        return true;
    }

    /// <summary>Empties what of this area may be drawn on, in the driver's colours.</summary>
    /// <param name="driver">Its clip is kept to.</param>
    /// <param name="area">In cells of the screen.</param>
    public static void Fill(IDriver driver, Rectangle area)
    {
        var buffer = driver.GetOutputBuffer();
        if (buffer.Contents is not { } cells)
        {
            return;
        }
        foreach (var free in Free(driver, buffer, area))
        {
            FillFree(driver, buffer, cells, free);
        }
    }

    /// <summary>Writes cells that are one column wide each, where the view has emptied its own before.</summary>
    /// <param name="driver">Its clip is kept to.</param>
    /// <param name="area">In cells of the screen.</param>
    /// <param name="cellAt">The cell at a column and row of the area.</param>
    public static void Write(IDriver driver, Rectangle area, Func<int, int, Cell> cellAt)
    {
        var buffer = driver.GetOutputBuffer();
        if (buffer.Contents is { } cells)
        {
            foreach (var free in Free(driver, buffer, area))
            {
                for (var row = free.Top; row < free.Bottom; row++)
                {
                    for (var column = free.Left; column < free.Right; column++)
                    {
                        cells[row, column] = cellAt(column - area.Left, row - area.Top);
                    }
                    buffer.DirtyLines[row] = true;
                }
            }
        }
    }

    private static IEnumerable<Rectangle> Free(IDriver driver, IOutputBuffer buffer, Rectangle area)
    {
        var seen = Rectangle.Intersect(area, new(0, 0, buffer.Cols, buffer.Rows));
        return (driver.Clip?.GetRectangles() ?? [seen])
            .Select(free => Rectangle.Intersect(seen, free))
            .Where(free => free is { Width: > 0, Height: > 0 });
    }

    private static void FillFree(IDriver driver, IOutputBuffer buffer, Cell[,] cells, Rectangle area)
    {
        // At its sides half of a wide character may stand outside, which Terminal.Gui takes care of.
        driver.FillRect(area with { Width = 1 }, new System.Text.Rune(' '));
        driver.FillRect(area with { X = area.Right - 1, Width = 1 }, new System.Text.Rune(' '));
        var blank = new Cell(buffer.CurrentAttribute, true, Space);
        for (var row = area.Top; row < area.Bottom; row++)
        {
            for (var column = area.Left + 1; column < area.Right - 1; column++)
            {
                cells[row, column] = blank;
            }
            buffer.DirtyLines[row] = true;
        }
    }
}
