using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using StoriesCli.Tui.Terminal;

namespace StoriesCli.Cli.Terminal;

/// <summary>The whole terminal, while something plays in it.</summary>
internal sealed class PlayerScreen : IDisposable
{
    private readonly Stream _output;
    private readonly PosixSignalRegistration? _continued;
    private readonly PlaybackKeys? _keys;
    private IReadOnlyList<string> _shown = [];
    private int _isContinued;

    private PlayerScreen(CliContext context, Stream output)
    {
        _output = output;
        if (OperatingSystem.IsLinux())
        {
            _keys = PlaybackKeys.Of(context);
            _continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Volatile.Write(ref _isContinued, 1));
        }
    }

    public bool IsEmpty => _shown.Count == 0;

    /// <summary>Gives the whole terminal to something that plays. Afterwards it is as it was.</summary>
    /// <param name="context">Where the command runs.</param>
    /// <param name="output">The terminal.</param>
    /// <param name="play">Plays until its end, or until a key ends it. It is cancelled when the command is told to stop.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>The key that ended it; none if it played to its end.</returns>
    public static async Task<PlayerKey> RunAsync(
        CliContext context,
        Stream output,
        Func<PlayerScreen, CancellationToken, Task<PlayerKey>> play,
        CancellationToken cancel
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // A test's terminal needs no guard.
        using var whole = context.InDescriptor is null ? null : new TerminalLease(() => _ = stop.CancelAsync());
        using var screen = new PlayerScreen(context, output);
        try
        {
            screen.Enter();
            return await play(screen, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return PlayerKey.Interrupt;
        }
        finally
        {
            screen.Leave();
        }
    }

    private void Enter()
    {
        _shown = [];
        Write("\e[?1049h\e[?25l\e[2J");
    }

    /// <summary>Restores what was on the terminal before. Where there is no alternate screen, the last picture would stay.</summary>
    private void Leave() => Write("\e[H\e[2J\e[?25h\e[?1049l");

    /// <summary>Takes the terminal back after <c>fg</c>: the shell had it meanwhile.</summary>
    /// <returns>Whether that was necessary.</returns>
    public bool TakeContinued()
    {
        if (!OperatingSystem.IsLinux() || Interlocked.Exchange(ref _isContinued, 0) == 0)
        {
            return false;
        }
        _keys?.EnterRawMode();
        Enter();
        return true;
    }

    /// <summary>The key that was pressed; none if there was none.</summary>
    public PlayerKey ReadKey() => OperatingSystem.IsLinux() ? _keys?.Read() ?? PlayerKey.None : PlayerKey.None;

    public void Clear()
    {
        _shown = [];
        Write("\e[2J");
    }

    /// <summary>Draws only changed lines, as one synchronized update.</summary>
    public void Show(IReadOnlyList<string> lines)
    {
        var frame = new StringBuilder();
        for (var y = 0; y < lines.Count; y++)
        {
            if (y >= _shown.Count || _shown[y] != lines[y])
            {
                frame.Append(CultureInfo.InvariantCulture, $"\e[{y + 1};1H{lines[y]}\e[K");
            }
        }
        if (frame.Length > 0)
        {
            Write($"\e[?2026h{frame}\e[?2026l");
        }
        _shown = lines;
    }

    public void Dispose()
    {
        _continued?.Dispose();
        if (OperatingSystem.IsLinux())
        {
            _keys?.Dispose();
        }
    }

    private void Write(string text)
    {
        _output.Write(Encoding.UTF8.GetBytes(text));
        _output.Flush();
    }
}
