using System.ComponentModel;
using System.Diagnostics;

namespace StoriesCli.Client.Players;

/// <summary>A player could not be started, or failed. The message is one sentence for people.</summary>
public sealed class PlayerException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A running external player. It gets only its arguments.</summary>
internal sealed class PlayerProcess : IDisposable
{
    private readonly Process _process;
    private volatile string _lastWords = "";

    private PlayerProcess(Process process, bool ownsTerminal)
    {
        _process = process;
        if (ownsTerminal)
        {
            return;
        }
        process.StandardInput.Close();
        // Read to the end, or the player blocks on a full pipe. The output is not ours.
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static PlayerProcess Start(string[] command, bool ownsTerminal)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = !ownsTerminal,
            RedirectStandardOutput = !ownsTerminal,
            RedirectStandardError = !ownsTerminal,
        };
        ChildEnvironment.Strip(start.Environment);
        ChildEnvironment.KeepLoopbackDirect(start.Environment);
        try
        {
            return new(Process.Start(start)!, ownsTerminal);
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException or InvalidOperationException)
        {
            throw new PlayerException($"The player {command[0]} cannot be started: {e.Message}", e);
        }
    }

    public bool HasExited => _process.HasExited;

    /// <exception cref="PlayerException">It exited with a code other than 0.</exception>
    public async Task WaitAsync(CancellationToken cancel)
    {
        try
        {
            await _process.WaitForExitAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw;
        }
        if (_process.ExitCode != 0)
        {
            var words = _lastWords.Length == 0 ? "." : $": {_lastWords}";
            throw new PlayerException($"The player {Path.GetFileName(_process.StartInfo.FileName)} exited with {_process.ExitCode}{words}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            // Messages may be stored, so they must not contain a link.
            _lastWords = string.Join(
                ' ',
                line.Trim().Split(' ').Select(word => word.Contains("://", StringComparison.Ordinal) ? "(address)" : word)
            );
        }
    }
}
