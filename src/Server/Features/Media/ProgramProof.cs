using System.Diagnostics;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>Runs a program that the host configured once at the start, so that a faulty one is reported now and not at its first use.</summary>
internal static class ProgramProof
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(10);
    private const int CharactersMaximum = 64 * 1024;

    /// <param name="limiter">Full path of prlimit.</param>
    /// <param name="arguments">Its limits, <c>--</c>, the program and its arguments.</param>
    /// <param name="purpose">What the program is asked to do, as the end of a sentence.</param>
    /// <param name="output">What it wrote to standard output; empty when it failed.</param>
    /// <returns>What is wrong, as the end of a sentence about the program; null when it exited with 0 in time.</returns>
    public static string? Run(string limiter, IEnumerable<string> arguments, string purpose, out string output)
    {
        output = "";
        var start = new ProcessStartInfo(limiter, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C";
        start.Environment["MALLOC_ARENA_MAX"] = "1";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (said, complaint) = (ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
            if (!process.WaitForExit(Time))
            {
                process.Kill(entireProcessTree: true);
                return $"did not end within {Time.TotalSeconds:0} s when it was asked {purpose}";
            }
            output = said.Result;
            return process.ExitCode == 0
                ? null
                : $"does not run: asked {purpose} it ended with {process.ExitCode} {Quote(complaint.Result.Trim())}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"does not run: {e.Message}";
        }
    }

    private static string Quote(string complaint) =>
        complaint.Length == 0 ? "and said nothing" : $"and said: {Excerpt.Of(CleanText.OneLine(complaint))}";

    /// <summary>All that it writes is taken, so that it ends, and the beginning is kept.</summary>
    private static async Task<string> ReadAsync(StreamReader from)
    {
        var kept = new char[CharactersMaximum];
        var length = await from.ReadBlockAsync(kept).ConfigureAwait(false);
        await from.BaseStream.CopyToAsync(Stream.Null).ConfigureAwait(false);
        return new(kept, 0, length);
    }
}
