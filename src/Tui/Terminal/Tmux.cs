using System.ComponentModel;
using System.Diagnostics;
using StoriesCli.Client.Players;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Terminal;

/// <summary>Where this program's pane is for somebody who looks at tmux.</summary>
internal enum PaneState
{
    /// <summary>tmux did not say.</summary>
    Unknown,

    /// <summary>In another window, or nobody looks: what goes past tmux is lost.</summary>
    Hidden,

    /// <summary>On the screen, but keys and answers of the terminal go to another pane.</summary>
    Visible,

    /// <summary>Keys go here.</summary>
    Active,
}

/// <summary>Asks tmux by its own command. Each question may take a second, and its answer a few hundred characters.</summary>
internal sealed class Tmux
{
    private const int AnswerMaximum = 1024;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly string[] _target;

    private Tmux(string? pane) => _target = string.IsNullOrEmpty(pane) ? [] : ["-t", pane];

    /// <summary>The tmux that this program runs in; null: none.</summary>
    /// <param name="environment">Variables by name.</param>
    public static Tmux? Of(Func<string, string?> environment) => GraphicsChoice.IsTmux(environment) ? new(environment("TMUX_PANE")) : null;

    /// <summary>Null where it does not answer.</summary>
    public async Task<TmuxFacts?> ReadAsync(CancellationToken cancel)
    {
        var answer = await AskAsync(
                [
                    "display-message",
                    "-p",
                    .. _target,
                    "#{client_termtype}|#{client_termname}|#{client_termfeatures}",
                    ";",
                    "show-options",
                    "-Apvq",
                    .. _target,
                    "allow-passthrough",
                ],
                cancel
            )
            .ConfigureAwait(false);
        return answer is null ? null : Parse(answer);
    }

    /// <summary>Null where this is no answer.</summary>
    public static TmuxFacts? Parse(string answer) =>
        answer.Split('\n') is [var terminal, var passes, ..] && terminal.Split('|') is [var name, var term, var features]
            // Before 3.3 there was no such option, and everything was passed on.
            ? new(name, term, features, passes.Trim() != "off")
            : null;

    /// <summary>Where the pane is now.</summary>
    public async Task<PaneState> FindPaneAsync(CancellationToken cancel)
    {
        var answer = await AskAsync(
                ["display-message", "-p", .. _target, "#{?session_attached,1,0}#{window_active}#{?window_zoomed_flag,1,0}#{pane_active}"],
                cancel
            )
            .ConfigureAwait(false);
        return answer?.Trim() switch
        {
            "1101" or "1111" => PaneState.Active,
            "1100" => PaneState.Visible,
            { Length: 4 } => PaneState.Hidden,
            _ => PaneState.Unknown,
        };
    }

    private static async Task<string?> AskAsync(string[] arguments, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_patience);
        try
        {
            using var process = Process.Start(ChildEnvironment.Piped("tmux", arguments))!;
            using var killed = limit.Token.UnsafeRegister(_ => process.Kill(), null);
            process.StandardInput.Close();
            var answer = new char[AnswerMaximum];
            var length = await process.StandardOutput.ReadBlockAsync(answer, limit.Token).ConfigureAwait(false);
            // More than there is room for is no answer of tmux.
            if (length == AnswerMaximum)
            {
                process.Kill();
                return null;
            }
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? new(answer, 0, length) : null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException or OperationCanceledException)
        {
            return null;
        }
    }
}
