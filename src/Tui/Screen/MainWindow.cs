using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Recordings;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace StoriesCli.Tui.Screen;

/// <summary>The whole screen: sends keys to the store, and gives each view its part of the model.</summary>
internal sealed class MainWindow : Runnable
{
    private readonly Store _store;
    private readonly Action? _redraw;
    private readonly LinesView _header,
        _segments,
        _separator,
        _panel,
        _footer;
    private readonly TrayView _tray;
    private readonly StageView _stage;
    private readonly RecordingVm _recorded = new();
    private bool _isHeld,
        _hasHelp;
    private int _copied,
        _bells,
        _redraws;
    private TrayInput? _trayInput;
    private StageInput? _stageInput;
    private PanelInput? _panelInput;

    /// <param name="store">What is shown.</param>
    /// <param name="palette">How it is coloured.</param>
    /// <param name="slot">Where a picture in the terminal's own graphics is drawn.</param>
    /// <param name="redraw">Sets up the terminal and draws everything anew.</param>
    public MainWindow(Store store, Palette palette, RasterArea? slot = null, Action? redraw = null)
    {
        _store = store;
        _redraw = redraw;
        _redraws = store.Model.Output.Redraws;
        _copied = store.Model.Output.Copied.Number;
        _bells = store.Model.Output.Bells;
        SetScheme(palette.Scheme);
        _header = Placed(
            new LinesView(palette)
            {
                Moused = mouse => Dispatched(Clicks.At(mouse) is { X: var x } ? HeaderVm.At(_store.Model, Places.Header.Width, x) : null),
            },
            layout => layout.Header
        );
        _tray = Placed(new TrayView(palette, key => store.Dispatch(new InputMsg.PlaceClicked(key))), layout => layout.Tray);
        _segments = Placed(new LinesView(palette), layout => layout.Segments);
        _stage = Placed(new StageView(palette, slot ?? new()) { Moused = OnStage }, StageOf);
        // The help takes their room.
        _separator = Placed(new LinesView(palette), layout => _store.Model.Help ? default : layout.Separator);
        _panel = Placed(new LinesView(palette) { Moused = OnPanel }, layout => _store.Model.Help ? default : layout.Panel);
        _footer = Placed(
            new LinesView(palette)
            {
                Moused = mouse =>
                    Dispatched(Clicks.At(mouse) is { X: var x } ? FooterVm.From(_store.Model, Places.Footer.Width).At(x) : null),
            },
            layout => layout.Footer
        );
        Add(_header, _tray, _segments, _stage, _separator, _panel, _footer);
        IsRunningChanged += (_, e) => SetRunning(e.Value);
        SubViewsLaidOut += (_, _) => FitScreen();
    }

    private Area StageOf(ScreenLayout layout) => _store.Model.Help ? layout.Body : layout.Stage;

    private ScreenLayout Places => ScreenLayout.For(new(Viewport.Width, Viewport.Height));

    protected override bool OnKeyDown(Key key)
    {
        var message = _store.Model.Dialog is null ? _store.Model.Session.Keys.Find(key) : KeyNames.InDialog(key);
        if (message is null)
        {
            return base.OnKeyDown(key);
        }
        _store.Dispatch(message);
        return true;
    }

    /// <summary>How long nothing changes by itself; null: for ever.</summary>
    public TimeSpan? TimeUntilDue => _recorded.IsBehind ? TimeSpan.Zero : _store.TimeUntilDue;

    /// <summary>Lets the time pass that has passed.</summary>
    public void Tick()
    {
        _store.Tick();
        if (_recorded.IsBehind)
        {
            Render(_store.Model);
        }
    }

    /// <summary>The time since the last tick was not spent looking.</summary>
    public void SkipTime() => _store.SkipTime();

    /// <summary>While the terminal is still taking a frame, no other is drawn, and no time is spent looking. Then comes the newest one.</summary>
    public void Hold(bool hold)
    {
        _isHeld = hold;
        _store.LetTimeStand(hold);
        if (!hold)
        {
            Render(_store.Model);
        }
    }

    private void SetRunning(bool running)
    {
        if (!running)
        {
            App!.Paste -= OnPaste;
            _store.Changed -= Render;
            return;
        }
        _store.SkipTime();
        _store.Changed += Render;
        App!.Paste += OnPaste;
        Render(_store.Model);
    }

    private void OnPaste(object? sender, PasteEventArgs e) => _store.Dispatch(new InputMsg.Pasted(e.Text));

    /// <summary>A click on the left half is previous, on the right half next. The wheel scrolls a card.</summary>
    private bool OnStage(Mouse mouse)
    {
        return Dispatched(
            Clicks.At(mouse) is { } at
                ? at.X < Places.Stage.Width / 2
                    ? StepStory.Previous
                    : StepStory.Next
                : Wheel(mouse) is var rows and not 0
                    ? new InputMsg.StageScrolled(3 * rows)
                    : null
        );
    }

    private bool OnPanel(Mouse mouse) => Dispatched(Wheel(mouse) is { } rows and not 0 ? new InputMsg.PanelScrolled(rows) : null);

    private static int Wheel(Mouse mouse) =>
        mouse.Flags.HasFlag(MouseFlags.WheeledUp) ? -1
        : mouse.Flags.HasFlag(MouseFlags.WheeledDown) ? +1
        : 0;

    private bool Dispatched(Msg? message)
    {
        if (message is not null)
        {
            _store.Dispatch(message);
        }
        return message is not null;
    }

    /// <summary>By OSC 52: the clipboard belongs to the terminal, not to this machine.</summary>
    private void Copy(Copied copied)
    {
        if (copied.Number != _copied)
        {
            _copied = copied.Number;
            App?.Driver?.WriteRaw($"\e]52;c;{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(copied.Text))}\a");
        }
    }

    private void Ring(int bells)
    {
        if (bells != _bells)
        {
            _bells = bells;
            App?.Driver?.WriteRaw("\a");
        }
    }

    private void RedrawIfWanted(int redraws)
    {
        if (redraws != _redraws)
        {
            _redraws = redraws;
            _redraw?.Invoke();
        }
    }

    private void FitScreen()
    {
        _store.Dispatch(new TerminalMsg.Resized(Places.Stage.Size, Places.Panel.Size));
        Render(_store.Model);
    }

    private void Render(Model model)
    {
        if (model.Exit is not null)
        {
            App?.RequestStop(this);
            return;
        }
        Copy(model.Output.Copied);
        Ring(model.Output.Bells);
        RedrawIfWanted(model.Output.Redraws);
        if (_isHeld)
        {
            return;
        }
        if (model.Help != _hasHelp)
        {
            _hasHelp = model.Help;
            SetNeedsLayout();
        }
        var places = Places;
        _header.Show(HeaderVm.From(model, places.Header.Width));
        if (
            new TrayInput(model.Tray.Places, model.Tray.Open, model.Tray.Chosen, model.Session.Me, places.Tray.Width) is var tray
            && tray != _trayInput
        )
        {
            _trayInput = tray;
            _tray.Show(TrayVm.From(model, places.Tray.Width));
        }
        _segments.Show(SegmentsVm.From(model, places.Segments.Width));
        _separator.Show([.. Enumerable.Repeat(Line.Text("│", Tone.Dim), places.Separator.Height)]);
        _footer.Show(FooterVm.From(model, places.Footer.Width).Line);
        if (PanelInput.From(model, places.Panel.Width, places.Panel.Height) is var panel && panel != _panelInput)
        {
            _panelInput = panel;
            _panel.Show(PanelVm.From(panel));
        }
        if (
            (StageInput.From(model, StageOf(places).Size) with { Recorded = _recorded.Show(model, places.Stage.Size) }) is var stage
            && stage != _stageInput
        )
        {
            _stageInput = stage;
            _stage.Show(StageVm.From(stage, model.Session.Keys.For(model.Session.Restricted)));
        }
    }

    private T Placed<T>(T view, Func<ScreenLayout, Area> area)
        where T : View
    {
        view.X = Pos.Func(_ => area(Places).X);
        view.Y = Pos.Func(_ => area(Places).Y);
        view.Width = Dim.Func(_ => area(Places).Width);
        view.Height = Dim.Func(_ => area(Places).Height);
        return view;
    }
}
