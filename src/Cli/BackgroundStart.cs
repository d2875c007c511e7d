using System.ComponentModel;
using System.Diagnostics;

namespace StoriesCli.Cli;

/// <summary>Starts this program once more, unheard: nobody who waits for the end of our output waits for that one.</summary>
internal static class BackgroundStart
{
    public static bool Start(string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, args)
        {
            UseShellExecute = false,
            // Pipes that nobody holds once we have ended: the prompt's own would keep it waiting.
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
