using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using StoriesCli.Posix;
using static StoriesCli.Posix.Libc;
using static StoriesCli.Posix.LibcTerminal;

namespace StoriesCli.Cli.Terminal;

/// <summary>Reads a line from the terminal without echo. Console would leave the terminal in another mode.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class SecretPrompt
{
    private const int Longest = 4096;

    /// <summary>Null if the user ends the input.</summary>
    public static string? Read() => Read(0);

    /// <param name="terminal">Its descriptor.</param>
    public static string? Read(int terminal)
    {
        TerminalMode found;
        if (GetMode(terminal, &found) != 0)
        {
            return ReadLine(terminal);
        }
        var saved = found;
        // Also restores the terminal if the program is interrupted at the prompt.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Restore(terminal, saved));
        using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Restore(terminal, saved));
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Restore(terminal, saved));
        EventHandler exiting = (_, _) => Restore(terminal, saved);
        AppDomain.CurrentDomain.ProcessExit += exiting;
        try
        {
            found.Local &= ~Echo;
            SetMode(terminal, AfterDrain, &found);
            return ReadLine(terminal);
        }
        finally
        {
            Restore(terminal, saved);
            AppDomain.CurrentDomain.ProcessExit -= exiting;
        }
    }

    private static void Restore(int terminal, TerminalMode saved) => SetMode(terminal, AfterDrain, &saved);

    private static string? ReadLine(int terminal)
    {
        var line = new List<byte>();
        byte next;
        while (line.Count < Longest)
        {
            var read = Libc.Read(terminal, &next, 1);
            if (read < 0 && LastError == Interrupted)
            {
                continue;
            }
            if (read <= 0)
            {
                return line.Count > 0 ? Text(line) : null;
            }
            if (next is (byte)'\n' or (byte)'\r')
            {
                break;
            }
            line.Add(next);
        }
        return Text(line);
    }

    private static string Text(List<byte> line) => Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(line));
}
