using System.ComponentModel;
using System.Diagnostics;
using StoriesCli.Client;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

/// <summary>Runs the user's command for an event.</summary>
internal static class EventCommand
{
    /// <summary>Waits for the command. A failure is reported, and the next event is still handled.</summary>
    public static async Task RunAsync(Session session, string line, StoryEvent happened, CancellationToken cancel)
    {
        // Text from others is passed in variables, so that the shell never runs it as a command.
        var shell = Platforms.Shell(Platforms.Current, line);
        var start = new ProcessStartInfo(shell[0], shell[1..]);
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        ChildEnvironment.Strip(start.Environment);
        foreach (var (name, value) in EventText.ToVariables(happened))
        {
            start.Environment[name] = value;
        }
        using var process = Start(start);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        if (process.ExitCode != 0)
        {
            session.Out.Warn($"The command exited with {process.ExitCode} for {happened.Type} {happened.StoryId}.");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new CommandException(ExitCode.Failed, $"The shell {start.FileName} cannot be started: {e.Message}");
        }
    }
}
