using System.ComponentModel;
using System.Diagnostics;
using StoriesCli.Client.Programs;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

/// <summary>Runs the user's command for an event.</summary>
internal static class EventRunner
{
    /// <summary>Waits for the command. A failure is reported, and the next event is still handled.</summary>
    public static async Task RunAsync(Session session, string line, StoryEvent happened, CancellationToken cancel)
    {
        using var process = Start(EventProgram.StartInfo(line, happened));
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
