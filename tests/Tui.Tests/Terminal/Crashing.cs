using System.Runtime.InteropServices;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>A viewer that crashes: <see cref="CrashTests"/> runs this assembly as a program of its own, in a terminal.</summary>
internal static class Crashing
{
    /// <summary>The main thread waits, as that of the command line does.</summary>
    public static int Main(string[] arguments)
    {
        if (Viewer.RunAsync(arguments).GetAwaiter().GetResult() is { } status)
        {
            return status;
        }
        var ui = new Thread(() => Show(arguments[0], arguments[1]));
        ui.Start();
        ui.Join();
        return 0;
    }

    /// <param name="how">The thread, or the signal.</param>
    /// <param name="when">It crashes once this file is there. The test makes it when it has seen the window.</param>
    private static void Show(string how, string when)
    {
        Environment.SetEnvironmentVariable("DisableRealDriverIO", null);
        using var guard = new TerminalGuard(() => { }) { ResetSequence = KittyEncoder.DeleteAll };
        using var taken = guard.Take();
        using var app = Application.Create().Init(DriverRegistry.Names.ANSI);
        var store = new Store(Some.Looking(Some.Story("ana", 1, StoriesCli.Contracts.StoryKinds.Text)));
        using var window = new MainWindow(store, new Palette(ColourDepth.True));
        using var diff = new FrameDiff(app, window);
        app.AddTimeout(
            TimeSpan.FromMilliseconds(50),
            () =>
            {
                if (File.Exists(when))
                {
                    Crash(how);
                }
                return true;
            }
        );
        app.Run(window);
    }

    private static void Crash(string how)
    {
        switch (how)
        {
            case "ui":
                throw new InvalidOperationException("crashed on the thread that draws");
            case "abort" or "usr1":
                // To the whole process, as somebody else's kill would come. By a child it would not be the same: the runtime sets the terminal anew when one ends.
                _ = kill(Environment.ProcessId, how == "abort" ? 6 : 10);
                break;
            case "pool":
                ThreadPool.QueueUserWorkItem(_ => throw new InvalidOperationException("crashed in the pool"));
                break;
            default:
                new Thread(() => throw new InvalidOperationException("crashed on a thread of its own")).Start();
                break;
        }
    }

    [DllImport("libc")]
    private static extern int kill(int process, int signal);
}
