using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.Drivers;

namespace StoriesCli.Tui.Welcome;

/// <summary>The screen of the first start: which server to join, and as whom.</summary>
public static class WelcomeApp
{
    /// <summary>Runs until somebody has joined or gives up. Standard input and output must be a terminal; it is whole again afterwards.</summary>
    /// <returns>Whether they have joined; otherwise 128 + n is the exit code when signal n ended it.</returns>
    public static Task<(bool HasJoined, int? Signal)> RunAsync(WelcomeOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Task.Factory.StartNew(
            () => Run(options, cancel),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    /// <summary>The model of the screen: nothing but the form.</summary>
    internal static Model Begin(ThemeChoice theme, DateTimeOffset now) =>
        new()
        {
            Session = new() { Server = "", Restricted = true },
            Display = new() { Theme = Theme.For(theme, null), ShowsPictures = false },
            Link = new() { Connection = Connection.None },
            Dialog = new WelcomeForm(),
            Now = now,
        };

    private static (bool HasJoined, int? Signal) Run(WelcomeOptions options, CancellationToken cancel)
    {
        Driver.SizeDetection = SizeDetectionMode.Polling;
        var depth = ColourDepths.Here(options.Colours);
        Driver.Force16Colors = depth is ColourDepth.Sixteen or ColourDepth.None;
        using var wake = new WakePipe();
        var ui = new UiDispatcher(wake.Wake);
        var store = new Store(Begin(options.Theme, options.Clock.GetUtcNow()), new(options.Clock, () => TimeSpan.Zero));
        void Post(Msg message) => ui.Post(() => store.Dispatch(message));

        using var guard = new TerminalGuard(() => Post(new TerminalMsg.QuitRequested()));
        using var quit = cancel.Register(() => Post(new TerminalMsg.QuitRequested()));
        using var runner = new WelcomeRunner(options, store, Post, cancel);
        while (store.Model.Exit is not ExitReason.Quit)
        {
            Show(options, depth, store, ui, wake, guard);
            if (store.Model.Exit is ExitReason.Suspend)
            {
                JobControl.Stop();
            }
            store.Dispatch(new TerminalMsg.Returned());
            ui.Pump();
        }
        return (store.Model.Dialog is null, guard.Signal is { } signal ? 128 + signal : null);
    }

    private static void Show(WelcomeOptions options, ColourDepth depth, Store store, UiDispatcher ui, WakePipe wake, TerminalGuard guard)
    {
        using var taken = guard.Take();
        using var loop = new TerminalLoop(wake, guard);
        var app = loop.App;
        using var window = new MainWindow(store, new Palette(depth), redraw: loop.Redraw);
        using var diff = new FrameDiff(
            app,
            window,
            writeIndexed: depth == ColourDepth.Indexed ? app.Driver!.WriteRaw : null,
            dropWaiting: loop.DropWaiting
        );
        using var ground = new GroundWatch(
            app,
            colour => ui.Post(() => store.Dispatch(new TerminalMsg.ThemeChanged(Theme.For(options.Theme, colour))))
        );
        ui.Attach(app);
        loop.Run(window, new UnknownKeys(options.Clock).Swallow);
        ui.Detach(app);
    }
}
