using StoriesCli.Posix;

namespace StoriesCli.Cli.Terminal;

/// <summary>Reads the width of the terminal. Console would write to the terminal first.</summary>
internal static class TerminalWidth
{
    private const int Unknown = 80;

    public static int Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : Unknown;
        }
        for (var descriptor = 1; descriptor <= 2; descriptor++)
        {
            if (LibcTerminal.Control(descriptor, LibcTerminal.GetWindowSize, out LibcTerminal.WindowSize size) == 0 && size.Columns > 0)
            {
                return size.Columns;
            }
        }
        return Unknown;
    }
}
