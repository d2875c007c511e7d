using System.Text;
using StoriesCli.Tui.App;
using StoriesCli.Tui.App.Subscriptions;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.Drivers;

namespace StoriesCli.Tui;

/// <summary>The terminal UI.</summary>
public static class TuiApp
{
    /// <summary>Runs until the viewer quits. Standard input and output must be a terminal; it is whole again afterwards.</summary>
    /// <exception cref="KeyException"><see cref="TuiOptions.Keys"/> cannot be used.</exception>
    /// <returns>0, or 128 + n when signal n ended it.</returns>
    public static Task<int> RunAsync(TuiOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var keys = KeyTable.With(options.Keys, options.Keymap);
        return Task.Factory.StartNew(
            () => Run(options, keys, cancel),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    private static int Run(TuiOptions options, KeyTable keys, CancellationToken cancel)
    {
        // A configuration file of Terminal.Gui, which it reads from the current folder, may have set this.
        Driver.SizeDetection = SizeDetectionMode.Polling;
        var depth = ColourDepths.Here(options.Colours);
        Driver.Force16Colors = depth is ColourDepth.Sixteen or ColourDepth.None;

        using var wake = new WakePipe();
        var ui = new UiDispatcher(wake.Wake);
        var store = new Store(
            new Model
            {
                Session = new()
                {
                    Me = options.Handle,
                    Server = options.Client.Server.Authority,
                    Url = options.Client.Server.AbsoluteUri.TrimEnd('/'),
                    Restricted = options.Restricted,
                    InTmux = options.InTmux && !options.Restricted,
                    PlaysOnStage = !options.Restricted && depth != ColourDepth.None && options.FindDecoder() is not null,
                    Keys = keys,
                    Zone = TimeZoneInfo.Local,
                },
                Display = new()
                {
                    Theme = Theme.For(options.Theme, null),
                    ShowsPictures = options.Images != ImageMode.Off && depth != ColourDepth.None,
                },
                Now = options.Clock.GetUtcNow(),
            },
            new(options.Clock, () => options.Client.ClockOffset)
        );
        void Post(Msg message) => ui.Post(() => store.Dispatch(message));

        using var guard = new TerminalGuard(() => Post(new TerminalMsg.QuitRequested()));
        using var quit = cancel.Register(() => Post(new TerminalMsg.QuitRequested()));
        using var effects = new SubscriptionSet(options, store, Post);
        while (true)
        {
            Show(options, depth, store, ui, wake, guard);
            switch (store.Model.Exit)
            {
                case ExitReason.Suspend:
                    JobControl.Stop();
                    break;
                case ExitReason.Player player:
                    using (guard.GiveAway())
                    using (var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel, guard.Stopping))
                    {
                        store.Dispatch(effects.Players.RunHere(player.StoryId, ended.Token));
                    }
                    break;
            }
            store.Dispatch(new TerminalMsg.Returned());
            ui.Pump();
            if (store.Model.Exit is ExitReason.Quit)
            {
                return guard.Signal is { } signal ? 128 + signal : 0;
            }
        }
    }

    /// <summary>Runs the window until the model says to give the terminal away.</summary>
    private static void Show(TuiOptions options, ColourDepth depth, Store store, UiDispatcher ui, WakePipe wake, TerminalGuard guard)
    {
        using var taken = guard.Take();
        using var loop = new TerminalLoop(wake, guard, options.Polls);
        var app = loop.App;
        var slot = new RasterArea();
        var tmux = options.Restricted ? null : Tmux.Of(Environment.GetEnvironmentVariable);
        using var delivery = tmux is null ? null : NewDelivery(tmux, slot, loop, ui);
        using var window = new MainWindow(
            store,
            new Palette(depth),
            slot,
            () =>
            {
                delivery?.Renew();
                loop.Redraw();
            }
        );
        using var diff = new FrameDiff(
            app,
            window,
            new(slot, bytes => loop.Write(bytes.Span), delivery is null ? null : delivery.Sent),
            depth == ColourDepth.Indexed ? app.Driver!.WriteRaw : null,
            loop.DropWaiting
        );
        using var ground = new GroundWatch(
            app,
            colour => ui.Post(() => store.Dispatch(new TerminalMsg.ThemeChanged(Theme.For(options.Theme, colour))))
        );
        using var question = new GraphicsQuery(
            app,
            depth != ColourDepth.None ? options.Images : ImageMode.Off,
            Environment.GetEnvironmentVariable,
            depth switch
            {
                ColourDepth.Indexed => Dithering.Indexed,
                ColourDepth.Sixteen => Dithering.Sixteen,
                _ => Dithering.None,
            },
            TimeProvider.System,
            graphics =>
            {
                guard.ResetSequence = graphics.ResetSequence;
                ui.Post(() => store.Dispatch(new TerminalMsg.GraphicsChanged(graphics)));
            }
        );
        loop.Answered += question.Hear;
        using var ended = new CancellationTokenSource();
        if (tmux is not null && options.Images is ImageMode.Auto or ImageMode.Kitty && depth != ColourDepth.None)
        {
            _ = AskAsync(tmux, question, ui, ended.Token);
        }
        ui.Attach(app);
        loop.Run(window, new UnknownKeys(options.Clock).Swallow);
        ui.Detach(app);
        ended.Cancel();
    }

    private static PlaceholderDelivery NewDelivery(Tmux tmux, RasterArea slot, TerminalLoop loop, UiDispatcher ui)
    {
        var delivery = new PlaceholderDelivery(
            slot,
            tmux.FindPaneAsync,
            question => loop.Write(Encoding.ASCII.GetBytes(question)),
            (delay, action) =>
                loop.App.AddTimeout(
                    delay,
                    () =>
                    {
                        // Not here: the frame of this round is already drawn, and the loop would sleep on what the action changed.
                        ui.Post(action);
                        return false;
                    }
                ),
            ui.Post
        );
        loop.Answered += delivery.Hear;
        loop.App.Keyboard.KeyDown += (_, _) => delivery.OnKey();
        return delivery;
    }

    /// <summary>What the terminal around tmux can. Later than this window it is of no use.</summary>
    private static Task AskAsync(Tmux tmux, GraphicsQuery question, UiDispatcher ui, CancellationToken ended) =>
        Task.Run(
            async () =>
            {
                var facts = await tmux.ReadAsync(ended).ConfigureAwait(false);
                ui.Post(() =>
                {
                    if (!ended.IsCancellationRequested)
                    {
                        question.Hear(facts);
                    }
                });
            },
            ended
        );
}
