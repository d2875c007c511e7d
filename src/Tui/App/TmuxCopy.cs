using System.ComponentModel;
using System.Diagnostics;
using StoriesCli.Client.Players;

namespace StoriesCli.Tui.App;

/// <summary>
/// Hands a text to tmux. With its default <c>set-clipboard external</c> it drops the sequence that copies (OSC 52) when a program in a pane
/// sends it, but passes on what <c>load-buffer -w</c> is given.
/// </summary>
internal sealed record TmuxCopy(string Text) : Command
{
    private static readonly TimeSpan _timeLimit = TimeSpan.FromSeconds(5);

    public override bool IsOffWhenRestricted => true;

    public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(_timeLimit);
        try
        {
            var (_, setting) = await TmuxAsync("", late.Token, "show-options", "-gsv", "set-clipboard").ConfigureAwait(false);
            if (setting.Trim() != "external")
            {
                return new Quiet();
            }
            var (code, _) = await TmuxAsync(Text, late.Token, "load-buffer", "-w", "-").ConfigureAwait(false);
            return code == 0 ? new Quiet() : new CommandFailed($"Not copied: tmux load-buffer exited with {code}.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new CommandFailed($"Not copied: tmux has not answered within {_timeLimit.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return new CommandFailed($"Not copied: tmux failed: {e.Message}");
        }
    }

    private static async Task<(int Code, string Out)> TmuxAsync(string input, CancellationToken stop, params string[] arguments)
    {
        using var process = Process.Start(ChildEnvironment.Piped("tmux", arguments))!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var error = process.StandardError.ReadToEndAsync(stop);
            await process.StandardInput.WriteAsync(input.AsMemory(), stop).ConfigureAwait(false);
            process.StandardInput.Close();
            await process.WaitForExitAsync(stop).ConfigureAwait(false);
            await error.ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
