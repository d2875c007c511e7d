using System.Runtime.InteropServices;

namespace StoriesCli.Cli.Terminal;

/// <summary>Asks the terminal how wide it is, without Console's way, which writes to the terminal first.</summary>
internal static partial class TerminalWidth
{
    private const int Unknown = 80;
    private const nuint TIOCGWINSZ = 0x5413;

    public static int Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : Unknown;
        }
        for (var descriptor = 1; descriptor <= 2; descriptor++)
        {
            if (Control(descriptor, TIOCGWINSZ, out var size) == 0 && size.Columns > 0)
            {
                return size.Columns;
            }
        }
        return Unknown;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelsAcross;
        public ushort PixelsDown;
    }
}
