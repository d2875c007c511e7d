using System.Diagnostics;
using System.Globalization;

namespace StoriesCli.Testing;

/// <summary>Result of a program that ran to its end.</summary>
/// <param name="ExitCode">Exit code; 128 + n when signal n ended it.</param>
/// <param name="Out">All of stdout.</param>
/// <param name="Error">All of stderr.</param>
/// <param name="PeakBytes">Peak memory in bytes, as the kernel counted it.</param>
public sealed record CommandRun(int ExitCode, string Out, string Error, long PeakBytes)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Runs a program, without a shell.</summary>
    /// <exception cref="TimeoutException">It did not end in time, and was killed with its children.</exception>
    public static async Task<CommandRun> OfAsync(ProcessStartInfo start, string input = "")
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        long peak = 0;
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            while (!process.HasExited)
            {
                peak = Math.Max(peak, ReadMemory(process.Id, "VmHWM"));
                await Task.WhenAny(process.WaitForExitAsync(limit.Token), Task.Delay(5, limit.Token)).Unwrap();
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {Longest.TotalMinutes} minutes"
            );
        }
        return new(process.ExitCode, await output, await error, peak);
    }

    /// <summary>Returns this if the program succeeded; otherwise throws.</summary>
    public CommandRun Succeeded() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"the command ended with {ExitCode}: {Error}{Out}");

    /// <summary>A line of <c>/proc/PID/status</c> in bytes; 0 once the process is gone.</summary>
    public static long ReadMemory(int processId, string line)
    {
        try
        {
            var found = File.ReadLines($"/proc/{processId}/status")
                .FirstOrDefault(text => text.StartsWith(line + ":", StringComparison.Ordinal));
            return found is null
                ? 0
                : 1024 * long.Parse(found.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
