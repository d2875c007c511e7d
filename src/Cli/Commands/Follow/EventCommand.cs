using System.ComponentModel;
using System.Diagnostics;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Follow;

/// <summary>A command of the user's, run for an event.</summary>
internal static class EventCommand
{
    /// <summary>Runs it to its end. That one fails is said, and keeps nobody from the next event.</summary>
    public static async Task RunAsync(Session session, string line, StoryEvent happened, CancellationToken cancel)
    {
        // The shell gets the user's own words; what others wrote is in variables, which it does not read as commands.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", ["/d", "/c", line])
            : new ProcessStartInfo("/bin/sh", ["-c", line]);
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
            session.Out.Warn($"The command ended with code {process.ExitCode} for {happened.Type} {happened.StoryId}.");
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
