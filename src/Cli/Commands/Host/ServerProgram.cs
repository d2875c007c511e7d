using System.Diagnostics;
using System.Runtime.InteropServices;
using StoriesCli.Client.Players;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Commands.Host;

/// <summary>Replaces this process by the server, so that signals and supervisors reach it directly.</summary>
internal static class ServerProgram
{
    // The server reads its options from variables with this prefix. It does not get the client's variables or token.
    private const string ServerVariables = "STORIES_SERVER_";

    public static int Become(string program, string[] args)
    {
        var start = new ProcessStartInfo(program, args) { UseShellExecute = false };
        ChildEnvironment.Strip(start.Environment, keep: ServerVariables);
        // Returns only when it fails.
        _ = LibcProcess.Execute(
            program,
            [program, .. args, null],
            [.. start.Environment.Select(variable => $"{variable.Key}={variable.Value}"), null]
        );
        throw new CommandException(
            ExitCode.Failed,
            $"{program} cannot be started: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}."
        );
    }
}
