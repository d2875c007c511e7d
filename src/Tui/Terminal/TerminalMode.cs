using System.Runtime.InteropServices;
using System.Text;
using StoriesCli.Posix;

namespace StoriesCli.Tui.Terminal;

/// <summary>The settings of the terminal at the start.</summary>
internal sealed class TerminalMode
{
    private const int FlushUnreadInput = 2;
    private const int WriteOnly = 1;

    private const int AtOnce = 0,
        GoOn = 1;

    private readonly byte[] _settings;

    private TerminalMode(byte[] settings) => _settings = settings;

    /// <summary>Application keys (the runtime's console sets them and never takes them back), kitty keyboard, bracketed paste, mouse reports, synchronized update, colours, screen, cursor.</summary>
    private static ReadOnlySpan<byte> Reset =>
        "\e[?1l\e>\e[<u\e[?2004l\e[?1003l\e[?1015l\e[?1006l\e[?2026l\e[0m\e[H\e[2J\e[?1049l\e[?25h"u8;

    /// <summary>
    /// Kitty keyboard, colours, and an empty screen. Before the alternate screen is left: a terminal that has none, as GNU screen by default,
    /// would keep the picture, with the prompt in the middle of it.
    /// </summary>
    public static ReadOnlySpan<byte> ClearScreen => "\e[<u\e[0m\e[H\e[2J"u8;

    /// <summary>Null where standard input is no terminal.</summary>
    public static TerminalMode? Read()
    {
        // No termios is as long on any system.
        var settings = new byte[256];
        return !OperatingSystem.IsWindows() && LibcTerminal.GetMode(0, settings) == 0 ? new(settings) : null;
    }

    private static ReadOnlySpan<byte> OrdinaryKeys => "\e[?1l\e>"u8;

    /// <summary>Resets the arrow keys, which the console of the runtime leaves in the mode of a full screen, also for the next program.</summary>
    public static void LeaveApplicationKeys() => Write(OrdinaryKeys);

    /// <summary>The same when nothing of ours is running.</summary>
    public void Prepare(string farewell) => CrashHandler.Arm(Farewell(farewell), _settings);

    /// <summary>
    /// Sets these settings now. In the background the system stops the process instead, as it should: a full screen has no business there.
    /// </summary>
    public void Apply() => _ = LibcTerminal.SetMode(0, AtOnce, _settings);

    /// <summary>
    /// Ctrl-S holds nothing for as long as a player has the terminal: it would freeze the picture, and nobody would know why. Afterwards the
    /// settings are what they were found as.
    /// </summary>
    public IDisposable WithoutHold()
    {
        var free = (byte[])_settings.Clone();
        // Input flags come first in every termios, the lowest byte of them first on every processor that we run on; IXON is in the second.
        free[1] &= (byte)(OperatingSystem.IsMacOS() ? ~0x02 : ~0x04);
        _ = LibcTerminal.SetMode(0, AtOnce, free);
        return new Held(this);
    }

    public void Restore(string farewell)
    {
        Write(Farewell(farewell));
        _ = LibcTerminal.SetMode(0, FlushUnreadInput, _settings);
    }

    /// <summary>Whatever is still written to this descriptor is lost.</summary>
    public static void Silence(int descriptor)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Libc.Duplicate(Libc.Open("/dev/null", WriteOnly), descriptor);
        }
    }

    /// <summary>A frame may have been cut off in the middle of a sequence.</summary>
    private static byte[] Farewell(string farewell) => [.. Encoding.ASCII.GetBytes(TerminalOutput.Terminator + farewell), .. Reset];

    /// <summary>All of it, however slowly the terminal takes it: half a picture would swallow whatever comes after.</summary>
    public static void Write(ReadOnlySpan<byte> sequence)
    {
        const int Interrupted = 4,
            Again = 11,
            AgainElsewhere = 35,
            LongestWaitMilliseconds = 100;
        while (!sequence.IsEmpty)
        {
            var written = Libc.Write(1, in MemoryMarshal.GetReference(sequence), (nuint)sequence.Length);
            if (written > 0)
            {
                sequence = sequence[(int)written..];
            }
            else if (Marshal.GetLastPInvokeError() is Again or AgainElsewhere)
            {
                var full = new Libc.PollDescriptor { Descriptor = 1, Events = Libc.PollOut };
                _ = Libc.Poll(ref full, 1, LongestWaitMilliseconds);
            }
            else if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return;
            }
        }
    }

    private sealed class Held(TerminalMode mode) : IDisposable
    {
        public void Dispose()
        {
            // A player may have brought settings of its own, and have been held by them.
            _ = LibcTerminal.ControlFlow(0, OperatingSystem.IsMacOS() ? GoOn + 1 : GoOn);
            _ = LibcTerminal.SetMode(0, AtOnce, mode._settings);
        }
    }
}
