using System.Runtime.InteropServices;
using StoriesCli.Posix;

namespace StoriesCli.Tui.Terminal;

/// <summary>Stops the process as Ctrl-Z does elsewhere. Call it while no application has the terminal.</summary>
internal static class JobControl
{
    private const int WholeProcessGroup = 0;

    /// <summary>Comes back after <c>fg</c>; at once where nobody could continue it.</summary>
    public static void Stop()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        using var continued = new ManualResetEventSlim();
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => continued.Set());
        _ = LibcProcess.Send(WholeProcessGroup, OperatingSystem.IsMacOS() ? 18 : 20);
        // The group's stop may reach this thread a little later than the next instruction; an orphaned group is never stopped.
        continued.Wait(TimeSpan.FromMilliseconds(300));
    }
}
