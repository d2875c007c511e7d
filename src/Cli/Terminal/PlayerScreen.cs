using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace StoriesCli.Cli.Terminal;

/// <summary>The whole terminal, while something plays in it.</summary>
internal sealed class PlayerScreen : IDisposable
{
    private readonly Stream _output;
    private readonly PosixSignalRegistration? _continued;
    private IReadOnlyList<string> _shown = [];
    private int _isContinued;

    public PlayerScreen(Stream output)
    {
        _output = output;
        _continued = OperatingSystem.IsLinux()
            ? PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Volatile.Write(ref _isContinued, 1))
            : null;
    }

    public bool IsEmpty => _shown.Count == 0;

    public void Enter()
    {
        _shown = [];
        Write("\e[?1049h\e[?25l\e[2J");
    }

    /// <summary>Restores what was on the terminal before. Where there is no alternate screen, the last picture would stay.</summary>
    public void Leave() => Write("\e[H\e[2J\e[?25h\e[?1049l");

    /// <summary>Takes the terminal back after <c>fg</c>: the shell had it meanwhile.</summary>
    /// <returns>Whether that was necessary.</returns>
    [SupportedOSPlatform("linux")]
    public bool TakeContinued(StageKeys? keys)
    {
        if (Interlocked.Exchange(ref _isContinued, 0) == 0)
        {
            return false;
        }
        keys?.EnterRawMode();
        Enter();
        return true;
    }

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

    public void Dispose() => _continued?.Dispose();

    private void Write(string text)
    {
        _output.Write(Encoding.UTF8.GetBytes(text));
        _output.Flush();
    }
}
