using System.Drawing;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.ViewBase;

namespace StoriesCli.Tui.Terminal;

/// <summary>
/// Empties cells before a view draws. Terminal.Gui measures the blank of each cell as text, which makes objects and took a third of the
/// processor time of a start.
/// </summary>
internal static class Blank
{
    private const string Space = " ";

    /// <summary>Empties a view's own cells, and returns whether it could: it cannot before the view has a screen.</summary>
    public static bool IsFilledIn(View view)
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
        area.Intersect(new(0, 0, buffer.Cols, buffer.Rows));
        foreach (var free in driver.Clip?.GetRectangles() ?? [area])
        {
            FillFree(driver, buffer, cells, Rectangle.Intersect(area, free));
        }
    }

    private static void FillFree(IDriver driver, IOutputBuffer buffer, Cell[,] cells, Rectangle area)
    {
        if (area.Width <= 0 || area.Height <= 0)
        {
            return;
        }
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
