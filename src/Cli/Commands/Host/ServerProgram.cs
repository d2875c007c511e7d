using System.Diagnostics;
using System.Runtime.InteropServices;
using StoriesCli.Client.Players;

namespace StoriesCli.Cli.Commands.Host;

/// <summary>Starts the server in this process's place, so that signals and supervisors reach it and nothing stands between.</summary>
internal static partial class ServerProgram
{
    // The server reads its options from variables of this prefix; the client's own, tokens among them, are none of its business.
    private const string ServerVariables = "STORIES_SERVER_";

    public static async Task<int> BecomeAsync(string program, string[] args, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, args) { UseShellExecute = false };
        ChildEnvironment.Strip(start.Environment, keep: ServerVariables);
        if (OperatingSystem.IsWindows())
        {
            using var server = Process.Start(start)!;
            await server.WaitForExitAsync(cancel).ConfigureAwait(false);
            return server.ExitCode;
        }
        // Returns only when it fails.
        _ = Execute(program, [program, .. args, null], [.. start.Environment.Select(variable => $"{variable.Key}={variable.Value}"), null]);
        throw new CommandException(
            ExitCode.Failed,
            $"{program} cannot be started: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}."
        );
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments, string?[] environment);
}
