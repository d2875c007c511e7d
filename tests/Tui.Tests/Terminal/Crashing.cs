using StoriesCli.Tui.Images;
using StoriesCli.Tui.State;
using StoriesCli.Tui.Terminal;
using StoriesCli.Tui.Views;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>A viewer that crashes: <see cref="CrashTests"/> runs this assembly as a program of its own, in a terminal.</summary>
internal static class Crashing
{
    public static void Main(string[] arguments)
    {
        Environment.SetEnvironmentVariable("DisableRealDriverIO", null);
        using var guard = new TerminalGuard(() => { }) { Farewell = KittyEncoder.DeleteAll };
        using var taken = guard.Take();
        using var app = Application.Create().Init(DriverRegistry.Names.ANSI);
        var store = new Store(Some.Looking(Some.Story("ana", 1, StoriesCli.Contracts.StoryKinds.Text)));
        using var window = new MainWindow(store, new Palette(colours: true), () => Some.Now);
        using var diff = new FrameDiff(app, window);
        app.AddTimeout(TimeSpan.FromSeconds(1), () =>
        {
            Crash(arguments[0]);
            return true;
        });
        app.Run(window);
    }

    private static void Crash(string thread)
    {
        switch (thread)
        {
            case "ui":
                throw new InvalidOperationException("crashed on the thread that draws");
            case "pool":
                ThreadPool.QueueUserWorkItem(_ => throw new InvalidOperationException("crashed in the pool"));
                break;
            default:
                new Thread(() => throw new InvalidOperationException("crashed on a thread of its own")).Start();
                break;
        }
    }
}
