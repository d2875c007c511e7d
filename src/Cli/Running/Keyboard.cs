using System.Runtime.Versioning;
using StoriesCli.Posix;
using static StoriesCli.Posix.LibcProcess;
using static StoriesCli.Posix.LibcTerminal;

namespace StoriesCli.Cli.Running;

/// <summary>Our terminal in raw mode, while keys are passed to a command in another terminal. Restores the mode when disposed.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class Keyboard : IDisposable
{
    private readonly int _descriptor;
    private TerminalMode _saved;

    private Keyboard(int descriptor, TerminalMode saved)
    {
        _descriptor = descriptor;
        _saved = saved;
    }

    /// <summary>Null without a terminal, or in the background, where changing the terminal would stop this process.</summary>
    public static Keyboard? Of(int descriptor)
    {
        TerminalMode mode;
        return GetMode(descriptor, &mode) == 0 && GetForegroundGroup(descriptor) == GetOwnGroup() ? new(descriptor, mode) : null;
    }

    /// <summary>Size of the terminal on one of our streams, otherwise from <c>COLUMNS</c> and <c>LINES</c>, otherwise 80×24.</summary>
    public static WindowSize SizeOfTerminal(Func<string, string?>? environment = null)
    {
        WindowSize size;
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (LibcTerminal.Control(descriptor, GetWindowSize, &size) == 0 && size is { Columns: > 0, Rows: > 0 })
            {
                return size;
            }
        }
        return new() { Columns = Number("COLUMNS", 80), Rows = Number("LINES", 24) };

        ushort Number(string name, ushort otherwise) =>
            ushort.TryParse(environment?.Invoke(name), out var number) && number > 0 ? number : otherwise;
    }

    public void EnterRawMode()
    {
        TerminalMode raw;
        _ = GetMode(_descriptor, &raw);
        MakeRaw(&raw);
        LibcTerminal.SetMode(_descriptor, AfterDrain, &raw);
    }

    public void Dispose()
    {
        fixed (TerminalMode* saved = &_saved)
        {
            LibcTerminal.SetMode(_descriptor, AfterDrain, saved);
        }
    }
}
