using System.ComponentModel;
using System.Diagnostics;

namespace StoriesCli.Cli;

/// <summary>Starts this program again in the background, with its own streams, so that nobody waits for its output.</summary>
internal static class DetachedStart
{
    public static bool Start(string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, args)
        {
            UseShellExecute = false,
            // Pipes that close when we exit. With inherited streams, the shell's prompt would wait for the child.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            Process.Start(start)!.Dispose();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
