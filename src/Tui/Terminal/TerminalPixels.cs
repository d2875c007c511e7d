using StoriesCli.Posix;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Terminal;

/// <summary>How many pixels a cell has, and how many cells the screen, from the kernel.</summary>
internal static class TerminalPixels
{
    /// <summary>Null where terminal, tmux or SSH did not tell the kernel.</summary>
    public static Box? OfCell() =>
        Read() is { } size && size.PixelsAcross >= size.Columns && size.PixelsDown >= size.Rows
            ? new(size.PixelsAcross / size.Columns, size.PixelsDown / size.Rows)
            : null;

    /// <summary>How many cells the screen has; null where nobody told the kernel.</summary>
    public static Box? CellsOfScreen() => Read() is { } size ? new(size.Columns, size.Rows) : null;

    private static LibcTerminal.WindowSize? Read()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }
        nuint request = OperatingSystem.IsMacOS() ? 0x40087468u : 0x5413u;
        return LibcTerminal.Control(1, request, out LibcTerminal.WindowSize size) == 0 && size is { Rows: > 0, Columns: > 0 } ? size : null;
    }
}
