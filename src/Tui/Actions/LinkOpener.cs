using System.ComponentModel;
using System.Diagnostics;
using StoriesCli.Client.Players;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Hands an address to the system's opener: a program with one argument, never a shell's line.</summary>
internal static class LinkOpener
{
    private static string Program =>
        OperatingSystem.IsWindows() ? "explorer.exe"
        : OperatingSystem.IsMacOS() ? "open"
        : "xdg-open";

    public static Outcome Open(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            return new Outcome.Failed("Only http and https addresses are opened.");
        }
        // Whatever the opener says must not reach the screen.
        var start = new ProcessStartInfo(Program, [uri.AbsoluteUri])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ChildEnvironment.Strip(start.Environment);
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return new Outcome.Said($"Opened: {uri.AbsoluteUri}");
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException or InvalidOperationException)
        {
            return new Outcome.Failed($"{Program}, which opens addresses here, cannot be started: {e.Message}");
        }
    }
}
