using System.Runtime.Versioning;
using System.Text;
using StoriesCli.Cli.Running;
using StoriesCli.Tui.Recordings;
using StoriesCli.Tui.Terminal;

namespace StoriesCli.Cli.Terminal;

/// <summary>Plays a terminal recording on the terminal, at its own times. The screen is given back as it was, with the recording's last one printed on it.</summary>
internal sealed class RecordingStage(Session session, RecordingLines recording)
{
    private const string Enter = "\e[?1049h\e[?25l\e[2J",
        Leave = "\e[?25h\e[?1049l";
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(33);

    private readonly Surroundings _around = session.Around;
    private readonly Stream _out = session.Out.TakeStream();
    private IReadOnlyList<string> _shown = [];

    private bool? TrueColour => ColoursOf(_around);

    /// <summary>Whether the terminal has all colours, or 256; null where it shall show none.</summary>
    public static bool? ColoursOf(Surroundings around) =>
        around.HasColour ? around.Environment("COLORTERM") is "truecolor" or "24bit" : null;

    /// <returns>The key that ended it: none where it played to its end.</returns>
    public async Task<StageKey> PlayAsync(CancellationToken cancel)
    {
        StageKey ending;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // A terminal of a test's own is none that the process could lose.
        using var whole = _around.InDescriptor is null ? null : new TerminalLease(() => _ = stop.CancelAsync());
        using (var keys = OperatingSystem.IsLinux() ? StageKeys.Of(_around) : null)
        {
            try
            {
                Write(Enter);
                ending = await RunAsync(keys, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                ending = StageKey.Interrupt;
            }
            finally
            {
                Write(Leave);
            }
        }
        if (ending != StageKey.Interrupt)
        {
            session.Out.Drawing(recording.DrawLast(Math.Max(1, Size.Columns - 1), int.MaxValue, TrueColour));
        }
        return ending;
    }

    private (int Columns, int Rows) Size => OperatingSystem.IsLinux() ? TerminalCommand.ReadSize(_around) : (_around.Width(), 24);

    private async Task<StageKey> RunAsync(StageKeys? keys, CancellationToken cancel)
    {
        var (at, last, paused) = (TimeSpan.Zero, _around.Clock.GetTimestamp(), false);
        var size = Size;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var key = OperatingSystem.IsLinux() ? keys?.Read() ?? StageKey.None : StageKey.None;
            if (key is StageKey.Quit or StageKey.Interrupt)
            {
                return key;
            }
            paused ^= key == StageKey.Pause;
            var now = _around.Clock.GetTimestamp();
            at += paused ? TimeSpan.Zero : _around.Clock.GetElapsedTime(last, now);
            last = now;
            var more = GoOn(at);
            if (Size is var current && current != size)
            {
                (size, _shown) = (current, []);
                Write("\e[2J");
            }
            if (more || _shown.Count == 0)
            {
                Show(recording.Draw(size.Columns, size.Rows, TrueColour));
            }
            if (!more && at >= recording.Length)
            {
                return StageKey.None;
            }
            await Task.Delay(Frame, _around.Clock, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Goes on until the screen is as it should be, or half a frame is over: a lot of output at once must not cost a frame for each piece.</summary>
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

    /// <summary>Only lines that have changed, in one piece that the terminal shows at once.</summary>
    private void Show(IReadOnlyList<string> lines)
    {
        var frame = new StringBuilder();
        for (var y = 0; y < lines.Count; y++)
        {
            if (y >= _shown.Count || _shown[y] != lines[y])
            {
                frame.Append(System.Globalization.CultureInfo.InvariantCulture, $"\e[{y + 1};1H{lines[y]}\e[K");
            }
        }
        if (frame.Length > 0)
        {
            Write($"\e[?2026h{frame}\e[?2026l");
        }
        _shown = lines;
    }

    private void Write(string text)
    {
        _out.Write(Encoding.UTF8.GetBytes(text));
        _out.Flush();
    }
}

/// <summary>What a key means while a recording plays.</summary>
internal enum StageKey
{
    None,
    Quit,
    Pause,
    Interrupt,
}

/// <summary>The keys of whoever watches, read as they come.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class StageKeys : IDisposable
{
    private const byte CtrlC = 3,
        Escape = 27;

    private readonly int _descriptor;
    private readonly Keyboard _keyboard;

    private StageKeys(int descriptor, Keyboard keyboard)
    {
        (_descriptor, _keyboard) = (descriptor, keyboard);
        keyboard.EnterRawMode();
    }

    /// <summary>Null where nobody types.</summary>
    public static StageKeys? Of(Surroundings around) =>
        around is { InIsTerminal: true, InDescriptor: { } descriptor } && Keyboard.Of(descriptor) is { } keyboard
            ? new(descriptor, keyboard)
            : null;

    /// <summary>What was pressed since it was asked last.</summary>
    public StageKey Read()
    {
        var waiting = new Libc.PollDescriptor { Descriptor = _descriptor, Events = Libc.PollIn };
        if (Libc.Poll(&waiting, 1, 0) <= 0)
        {
            return StageKey.None;
        }
        var keys = stackalloc byte[64];
        var count = Libc.Read(_descriptor, keys, 64);
        // An Esc by itself; with more behind it, it is another key.
        return count <= 0
            ? StageKey.Quit
            : keys[0] switch
            {
                CtrlC => StageKey.Interrupt,
                (byte)'q' or (byte)'Q' => StageKey.Quit,
                Escape when count == 1 => StageKey.Quit,
                (byte)' ' => StageKey.Pause,
                _ => StageKey.None,
            };
    }

    public void Dispose() => _keyboard.Dispose();
}
