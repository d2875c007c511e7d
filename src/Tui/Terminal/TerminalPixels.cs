using System.Runtime.InteropServices;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Terminal;

/// <summary>How many pixels a cell has, from the kernel.</summary>
internal static partial class TerminalPixels
{
    private struct WindowSize
    {
        public ushort Rows,
            Columns,
            Width,
            Height;
    }

    /// <summary>Null where terminal, tmux or SSH did not tell the kernel.</summary>
    public static Box? OfCell()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }
        nuint request = OperatingSystem.IsMacOS() ? 0x40087468u : 0x5413u;
        return
            ioctl(1, request, out var size) == 0
            && size is { Rows: > 0, Columns: > 0 }
            && size.Width >= size.Columns
            && size.Height >= size.Rows
            ? new(size.Width / size.Columns, size.Height / size.Rows)
            : null;
    }

    [LibraryImport("libc")]
    private static partial int ioctl(int file, nuint request, out WindowSize size);
}
