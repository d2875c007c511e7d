using System.Diagnostics;

namespace StoriesCli.Cli.Tests;

/// <summary>A named pipe on the disk, as the shell's <c>&lt;(…)</c> is one.</summary>
internal static class Pipe
{
    public static async Task<string> MakeAsync(string folder)
    {
        var path = Path.Combine(folder, "pipe");
        using var made = Process.Start("mkfifo", [path]);
        await made.WaitForExitAsync();
        return path;
    }
}
