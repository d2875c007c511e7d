using System.Diagnostics;
using System.Text;
using StoriesCli.Posix;

namespace StoriesCli.Tui.Terminal;

/// <summary>Asks a terminal something while nothing draws on it, and puts it back as it was.</summary>
internal static unsafe class TerminalQuestion
{
    private const int AtOnce = 0,
        FlushUnreadInput = 2,
        AnswerMaximum = 4096;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>Each answer, from its ESC on. None where this is no terminal, or another program has it.</summary>
    /// <param name="descriptor">The terminal's input.</param>
    /// <param name="questions">Written to standard output.</param>
    /// <param name="isLast">Whether no other answer comes after this one.</param>
    public static IReadOnlyList<string> Ask(int descriptor, string questions, Func<string, bool> isLast)
    {
        // No termios is as long on any system.
        var before = new byte[256];
        if (
            OperatingSystem.IsWindows()
            || LibcTerminal.GetForegroundGroup(descriptor) != LibcProcess.GetOwnGroup()
            || LibcTerminal.GetMode(descriptor, before) != 0
        )
        {
            return [];
        }
        var raw = (byte[])before.Clone();
        fixed (byte* mode = raw)
        {
            LibcTerminal.MakeRaw((LibcTerminal.TerminalMode*)mode);
        }
        _ = LibcTerminal.SetMode(descriptor, AtOnce, raw);
        try
        {
            TerminalMode.Write(Encoding.ASCII.GetBytes(questions));
            return Read(descriptor, isLast);
        }
        finally
        {
            // A late answer must not become a command of the shell.
            _ = LibcTerminal.SetMode(descriptor, FlushUnreadInput, before);
        }
    }

    private static string[] Read(int descriptor, Func<string, bool> isLast)
    {
        var text = "";
        var started = Stopwatch.GetTimestamp();
        var bytes = stackalloc byte[AnswerMaximum];
        while (text.Length < AnswerMaximum && Stopwatch.GetElapsedTime(started) is var past && past < _patience)
        {
            var waiting = new Libc.PollDescriptor { Descriptor = descriptor, Events = Libc.PollIn };
            if (Libc.Poll(ref waiting, 1, (int)(_patience - past).TotalMilliseconds + 1) <= 0)
            {
                continue;
            }
            var count = (int)Libc.Read(descriptor, bytes, (nuint)(AnswerMaximum - text.Length));
            if (count <= 0)
            {
                break;
            }
            text += Encoding.Latin1.GetString(bytes, count);
            if (Split(text).Any(isLast))
            {
                break;
            }
        }
        return Split(text);
    }

    private static string[] Split(string text) => [.. text.Split('\e').Skip(1).Select(rest => "\e" + rest)];
}
