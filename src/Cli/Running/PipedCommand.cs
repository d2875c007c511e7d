using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using StoriesCli.Client.Players;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Running;

/// <summary>Runs a command with output pipes, without a pseudo-terminal. It inherits our input.</summary>
internal static class PipedCommand
{
    public static async Task<CommandResult> RunAsync(
        string[] command,
        IEnumerable<(string Name, string Value)> access,
        Stream output,
        Stream errors,
        Recorder? recorder,
        ShutdownSignals? interrupts,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ChildEnvironment.Strip(start.Environment);
        foreach (var (name, value) in access)
        {
            start.Environment[name] = value;
        }
        var startedAt = clock.GetTimestamp();
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            return CommandResult.Failed(command[0], e.NativeErrorCode);
        }
        using var _ = process;
        // Ctrl-C on the terminal has reached the command already. A signal sent only to us has not.
        using var taken = interrupts?.Take(signal => Pass(process, signal));
        using var killed = cancel.UnsafeRegister(_ => process.Kill(entireProcessTree: true), null);
        var turn = new Lock();
        await Task.WhenAll(CopyAsync(process.StandardOutput.BaseStream, output), CopyAsync(process.StandardError.BaseStream, errors))
            .ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return new(process.ExitCode, clock.GetElapsedTime(startedAt));

        async Task CopyAsync(Stream from, Stream to)
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await from.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
            {
                lock (turn)
                {
                    recorder?.Add(buffer.AsSpan(0, count));
                    Show(to, buffer.AsSpan(0, count));
                }
            }
        }
    }

    private static void Show(Stream output, ReadOnlySpan<byte> bytes)
    {
        try
        {
            output.Write(bytes);
            output.Flush();
        }
        catch (IOException)
        {
            // The reader of our output has gone. The command continues.
        }
    }

    private static void Pass(Process process, PosixSignal signal)
    {
        if (OperatingSystem.IsLinux() && !process.HasExited && signal is not PosixSignal.SIGINT)
        {
            _ = LibcProcess.Send(process.Id, SignalNumbers.Of(signal));
        }
    }
}
