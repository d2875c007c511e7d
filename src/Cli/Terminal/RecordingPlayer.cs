using System.Runtime.Versioning;
using StoriesCli.Cli.Running;
using StoriesCli.Posix;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Cli.Terminal;

/// <summary>Plays a terminal recording at its own speed. Restores the screen afterwards and prints the recording's last screen.</summary>
internal sealed class RecordingPlayer(Session session, RecordingLines recording)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(33);

    private readonly CliContext _context = session.Context;

    private bool? TrueColour => ColoursOf(_context);

    /// <summary>Whether the terminal has 24-bit colours, or 256; null for no colours.</summary>
    public static bool? ColoursOf(CliContext context) =>
        context.HasColour ? context.Environment("COLORTERM") is "truecolor" or "24bit" : null;

    /// <returns>The key that ended it; none if it played to its end.</returns>
    public async Task<PlayerKey> PlayAsync(CancellationToken cancel)
    {
        var ending = await PlayerScreen.RunAsync(_context, session.Out.TakeStream(), RunAsync, cancel).ConfigureAwait(false);
        if (ending != PlayerKey.Interrupt)
        {
            session.Out.Drawing(recording.DrawLast(Math.Max(1, Size.Columns - 1), int.MaxValue, TrueColour));
        }
        return ending;
    }

    private (int Columns, int Rows) Size => OperatingSystem.IsLinux() ? TerminalCommand.ReadSize(_context) : (_context.Width(), 24);

    private async Task<PlayerKey> RunAsync(PlayerScreen screen, CancellationToken cancel)
    {
        var (at, last, paused) = (TimeSpan.Zero, _context.Clock.GetTimestamp(), false);
        var size = Size;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (screen.TakeContinued())
            {
                last = _context.Clock.GetTimestamp();
            }
            var key = screen.ReadKey();
            if (key is PlayerKey.Quit or PlayerKey.Interrupt)
            {
                return key;
            }
            paused ^= key == PlayerKey.Pause;
            var now = _context.Clock.GetTimestamp();
            at += paused ? TimeSpan.Zero : _context.Clock.GetElapsedTime(last, now);
            last = now;
            var more = GoOn(at);
            if (Size is var current && current != size)
            {
                size = current;
                screen.Clear();
            }
            if (more || screen.IsEmpty)
            {
                screen.Show(recording.Draw(size.Columns, size.Rows, TrueColour));
            }
            if (!more && at >= recording.Length)
            {
                return PlayerKey.None;
            }
            await Task.Delay(Frame, _context.Clock, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Continues until the screen is up to date or half a frame has passed, so that much output does not cost a frame for each piece.</summary>
    private bool GoOn(TimeSpan at)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var changed = false;
        while (recording.Go(at))
        {
            changed = true;
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > Frame / 2)
            {
                break;
            }
        }
        return changed;
    }
}

/// <summary>Meaning of a key during playback.</summary>
internal enum PlayerKey
{
    None,
    Quit,
    Pause,
    Interrupt,
}

/// <summary>Reads keys during playback.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PlaybackKeys : IDisposable
{
    private const byte CtrlC = 3,
        Escape = 27;

    private readonly int _descriptor;
    private readonly Keyboard _keyboard;

    private PlaybackKeys(int descriptor, Keyboard keyboard)
    {
        (_descriptor, _keyboard) = (descriptor, keyboard);
        keyboard.EnterRawMode();
    }

    /// <summary>Null without a keyboard.</summary>
    public static PlaybackKeys? Of(CliContext context) =>
        context is { InIsTerminal: true, InDescriptor: { } descriptor } && Keyboard.Of(descriptor) is { } keyboard
            ? new(descriptor, keyboard)
            : null;

    public void EnterRawMode() => _keyboard.EnterRawMode();

    /// <summary>Keys pressed since the last call.</summary>
    public PlayerKey Read()
    {
        var waiting = new Libc.PollDescriptor { Descriptor = _descriptor, Events = Libc.PollIn };
        if (Libc.Poll(&waiting, 1, 0) <= 0)
        {
            return PlayerKey.None;
        }
        var keys = stackalloc byte[64];
        var count = Libc.Read(_descriptor, keys, 64);
        // A single Esc; more bytes after it mean another key.
        return count <= 0
            ? PlayerKey.Quit
            : keys[0] switch
            {
                CtrlC => PlayerKey.Interrupt,
                (byte)'q' or (byte)'Q' => PlayerKey.Quit,
                Escape when count == 1 => PlayerKey.Quit,
                (byte)' ' => PlayerKey.Pause,
                _ => PlayerKey.None,
            };
    }

    public void Dispose() => _keyboard.Dispose();
}
