using System.Runtime.Versioning;
using static StoriesCli.Cli.Running.Libc;

namespace StoriesCli.Cli.Running;

/// <summary>Our own terminal while a command in another one is used through it: every key goes there, and it is given back as it was.</summary>
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

    /// <summary>Null when nobody types there, or when we run in the background, where touching the terminal would stop us.</summary>
    public static Keyboard? Of(int descriptor)
    {
        TerminalMode mode;
        return GetMode(descriptor, &mode) == 0 && GetForegroundGroup(descriptor) == GetOwnGroup() ? new(descriptor, mode) : null;
    }

    /// <summary>Of the terminal that is one of our own streams; as <c>COLUMNS</c> and <c>LINES</c> say, or 80×24, where none is.</summary>
    public static WindowSize SizeOfTerminal(Func<string, string?>? environment = null)
    {
        WindowSize size;
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (Libc.Control(descriptor, GetWindowSize, &size) == 0 && size is { Columns: > 0, Rows: > 0 })
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
        Libc.SetMode(_descriptor, AfterDrain, &raw);
    }

    public void Dispose()
    {
        fixed (TerminalMode* saved = &_saved)
        {
            Libc.SetMode(_descriptor, AfterDrain, saved);
        }
    }
}
