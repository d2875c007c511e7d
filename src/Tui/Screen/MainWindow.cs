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
    private readonly Palette _palette;
    private readonly Action? _redraw;
    private readonly LinesView _header,
        _people,
        _segments,
        _rule,
        _panel,
        _footer;
    private readonly FrameView _peopleFrame,
        _storyFrame;
    private readonly TrayView _tray;
    private readonly StageView _stage;
    private readonly BoxView _box;
    private readonly RecordingVm _recorded = new();
    private bool _isHeld;
    private int _copied,
        _bells,
        _redraws;
    private ScreenLayout _layout = ScreenLayout.For(default);
    private Area _footerArea;
    private PeopleVm _peopleShown = new([]);
    private BoxVm _boxShown = BoxVm.Nothing;
    private TrayInput? _trayInput;
    private StageInput? _stageInput;
    private PanelInput? _panelInput;

    /// <param name="store">What is shown.</param>
    /// <param name="palette">How it is coloured.</param>
    /// <param name="slot">Where a picture in the terminal's own graphics is drawn.</param>
    /// <param name="redraw">Sets up the terminal and draws everything anew.</param>
    public MainWindow(Store store, Palette palette, RasterArea? slot = null, Action? redraw = null)
    {
        (_store, _palette) = (store, palette);
        _palette.Theme = store.Model.Display.Theme;
        _redraw = redraw;
        _redraws = store.Model.Output.Redraws;
        _copied = store.Model.Output.Copied.Number;
        _bells = store.Model.Output.Bells;
        SetScheme(palette.Scheme);
        _header = Placed(
            new LinesView(palette)
            {
                Moused = mouse =>
                    Dispatched(Clicks.At(mouse) is { X: var x } ? HeaderVm.From(_store.Model, _layout.Header.Width).At(x) : null),
            },
            () => _layout.Header
        );
        _tray = Placed(new TrayView(palette, key => store.Dispatch(new InputMsg.PlaceClicked(key))), () => _layout.Tray);
        _peopleFrame = new(palette, () => _layout.PeopleFrame);
        _storyFrame = new(palette, () => _layout.StoryFrame);
        _people = Placed(new LinesView(palette) { Moused = OnPeople }, () => _layout.People);
        _segments = Placed(new LinesView(palette), () => _layout.Segments);
        _stage = Placed(new StageView(palette, slot ?? new()) { Moused = OnStage, Selected = OnSelected }, () => _layout.Stage);
        _rule = Placed(new LinesView(palette), () => _layout.Rule);
        _panel = Placed(new LinesView(palette) { Moused = OnPanel, Selected = OnSelected }, () => _layout.Panel);
        _footer = Placed(
            new LinesView(palette)
            {
                Moused = mouse =>
                    Dispatched(Clicks.At(mouse) is { X: var x } ? FooterVm.From(_store.Model, _layout.Footer.Width).At(x) : null),
            },
            () => _footerArea
        );
        _box = Placed(new BoxView(palette) { Moused = OnBox }, () => _boxShown.Area);
        Add([.. Covered, _box]);
        IsRunningChanged += (_, e) => SetRunning(e.Value);
        SubViewLayout += (_, _) => FitScreen();
    }

    /// <summary>Everything that a dialog stands before.</summary>
    private IEnumerable<LinesView> Covered =>
        [_header, _tray, .. _peopleFrame.Views, .. _storyFrame.Views, _people, _segments, _stage, _rule, _panel, _footer];

    protected override bool OnClearingViewport() => CellWriter.TryBlank(this);

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

    /// <summary>A click on the left half is previous, on the right half next. The wheel scrolls a card, or else the thread.</summary>
    private bool OnStage(Mouse mouse)
    {
        return Dispatched(
            Clicks.At(mouse) is { } at
                ? at.X < _layout.Stage.Width / 2
                    ? StepStory.Previous
                    : StepStory.Next
                : Wheel(mouse) is var rows and not 0
                    ? new InputMsg.StageScrolled(3 * rows)
                    : null
        );
    }

    /// <summary>A click opens a person, the wheel moves along the list.</summary>
    private bool OnPeople(Mouse mouse) =>
        Dispatched(
            Clicks.At(mouse) is { } at
                ? _peopleShown.At(at.Y) is { } key
                    ? new InputMsg.PlaceClicked(key)
                    : null
                : Wheel(mouse) is var rows and not 0
                    ? new InputMsg.Start(new ChoosePerson(), rows)
                    : null
        );

    /// <summary>Nothing behind a dialog is clicked through it.</summary>
    private bool OnBox(Mouse mouse)
    {
        Dispatched(
            Clicks.At(mouse) is { } at ? _boxShown.At(at.X, at.Y)
            : Wheel(mouse) is var rows and not 0
                ? (_store.Model.Help ? new InputMsg.StageScrolled(rows) : new InputMsg.Edited(rows < 0 ? EditKey.Up : EditKey.Down))
            : null
        );
        return true;
    }

    private bool OnPanel(Mouse mouse) => Dispatched(Wheel(mouse) is { } rows and not 0 ? new InputMsg.PanelScrolled(rows) : null);

    private void OnSelected(string text) => _store.Dispatch(new InputMsg.Selected(text));

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
        _store.Dispatch(new TerminalMsg.Resized(new(Viewport.Width, Viewport.Height)));
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
        if (!ReferenceEquals(_palette.Theme, model.Display.Theme))
        {
            _palette.Theme = model.Display.Theme;
            foreach (var view in (LinesView[])[.. Covered, _box])
            {
                view.SetNeedsDraw();
            }
        }
        var layout = ScreenLayout.Of(model);
        var box = BoxVm.From(model, layout);
        // A long note takes rows of the panel while it is there, but none of a dialog.
        var footer = FooterVm.From(model, layout.Footer.Width, box.Area.Width > 0 ? 1 : layout.FooterRowsMaximum);
        var footerArea = layout.Footer with
        {
            Y = layout.Footer.Y - footer.Above.Length,
            Height = layout.Footer.Height + footer.Above.Length,
        };
        if (layout != _layout || box.Area != _boxShown.Area || footerArea != _footerArea)
        {
            (_layout, _boxShown, _footerArea) = (layout, box, footerArea);
            SetNeedsLayout();
        }
        _boxShown = box;
        _box.Show(box);
        foreach (var view in Covered)
        {
            view.IsShaded = box.Area.Width > 0;
        }
        _footer.Show(footer.Lines);
        Render(model, layout);
    }

    private void Render(Model model, ScreenLayout layout)
    {
        _header.Show(HeaderVm.From(model, layout.Header.Width).Line);
        ShowPeople(model, layout);
        _segments.Show(SegmentsVm.From(model, layout.Segments.Width));
        if (layout.IsFramed)
        {
            _storyFrame.Show(StoryFrame(model, layout.StoryFrame.Width), layout.StoryFrame);
            _rule.Show(Line.Text(new('─', layout.Rule.Width), Tone.Dim));
        }
        if (PanelInput.From(model, layout) is var panel && panel != _panelInput)
        {
            _panelInput = panel;
            _panel.Show(PanelVm.From(panel));
        }
        if (
            (StageInput.From(model, layout.Stage.Size) with { Recorded = _recorded.Show(model, layout.Stage.Size) }) is var stage
            && stage != _stageInput
        )
        {
            _stageInput = stage;
            _stage.Show(StageVm.From(stage));
        }
    }

    private void ShowPeople(Model model, ScreenLayout layout)
    {
        var (open, room) = (model.Tray, layout.IsFramed ? layout.People.Size : layout.Tray.Size);
        // Ages in the list change by the minute.
        var minute = layout.IsFramed ? model.Now.ToUnixTimeSeconds() / 60 : 0;
        var input = new TrayInput(open.Places, open.Open, open.Chosen, model.Session.Me, room.Width, room.Height, minute);
        if (layout.IsFramed)
        {
            _peopleFrame.Show(PeopleVm.Frame(model), layout.PeopleFrame);
        }
        if (input == _trayInput)
        {
            return;
        }
        _trayInput = input;
        if (layout.IsFramed)
        {
            _peopleShown = PeopleVm.From(model, room.Width, room.Height);
            _people.Show([.. _peopleShown.Rows.Select(row => row.Line)]);
        }
        else
        {
            _tray.Show(TrayVm.From(model, room.Width));
        }
    }

    /// <summary>Who posted the story, when, and how long it still lives.</summary>
    private static FrameVm StoryFrame(Model model, int width)
    {
        var ink = model.Focus == Focus.Stage ? Tone.Accent : Tone.Dim;
        if (model.Shown is not { } story)
        {
            return new([], [], [], ink);
        }
        var times = $"{Format.Ago(model.Now - story.CreatedAt)} · {PanelInput.TimeLeft(model, story)}";
        var album = model.Tray.OpenPlace is { IsAlbum: true } open ? open.Item.Slot : null;
        return new(PanelVm.Author(story, album, width - Cells.Columns(times) - FrameVm.BesideTitles), [new(times, Tone.Dim)], [], ink);
    }

    internal static T Placed<T>(T view, Func<Area> area)
        where T : View
    {
        view.X = Pos.Func(_ => area().X);
        view.Y = Pos.Func(_ => area().Y);
        view.Width = Dim.Func(_ => area().Width);
        view.Height = Dim.Func(_ => area().Height);
        return view;
    }
}
