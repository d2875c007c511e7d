using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;
using StoriesCli.Tui.Terminal;
using Terminal.Gui.App;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.Testing;
using Terminal.Gui.Time;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Tests.Screen;

internal static class Headless
{
    /// <summary>Never touches the terminal that the tests are run from.</summary>
    [ModuleInitializer]
    internal static void NoRealTerminal() => Environment.SetEnvironmentVariable("DisableRealDriverIO", "1");
}

/// <summary>The whole window on a screen of its own with a clock of its own. Keep tests that use it synchronous.</summary>
internal sealed class TestScreen : IDisposable
{
    private readonly VirtualTimeProvider _time = new();
    private readonly IApplication _app;
    private readonly MainWindow _window;
    private readonly SessionToken _session;

    public TestScreen(Model state, int width, int height, bool colours = true)
    {
        _app = Application.Create(_time).Init(DriverRegistry.Names.ANSI);
        _app.Driver!.SetScreenSize(width, height);
        Store = new(state, new(new VirtualClock(_time, state.Now), () => TimeSpan.Zero));
        _window = new(Store, new Palette(colours ? ColourDepth.True : ColourDepth.None));
        _session = _app.Begin(_window)!;
        Draw();
    }

    public Store Store { get; }

    public string[] Lines => [.. _app.Driver!.ToString()!.Split('\n').Select(line => line.TrimEnd('\r', ' '))];

    public string Text => string.Join('\n', Lines);

    /// <summary>The same with colours and styles, as a terminal prints it.</summary>
    public string Coloured
    {
        get
        {
            var text = new StringBuilder();
            for (var row = 0; row < _app.Driver!.Rows; row++)
            {
                Attribute? pen = null;
                for (var column = 0; column < _app.Driver.Cols; column++)
                {
                    var cell = At(column, row);
                    if (cell.Attribute != pen)
                    {
                        pen = cell.Attribute;
                        text.Append("\e[0").Append(Sgr(pen!.Value)).Append('m');
                    }
                    text.Append(cell.Grapheme);
                    column += Cells.Columns(cell.Grapheme) == 2 ? 1 : 0;
                }
                text.Append("\e[0m\n");
            }
            return text.ToString();
        }
    }

    private static readonly (TextStyle Style, int Code)[] _styles =
    [
        (TextStyle.Bold, 1),
        (TextStyle.Faint, 2),
        (TextStyle.Italic, 3),
        (TextStyle.Underline, 4),
        (TextStyle.Reverse, 7),
        (TextStyle.Strikethrough, 9),
    ];

    private static string Sgr(Attribute attribute) =>
        string.Concat(_styles.Where(style => attribute.Style.HasFlag(style.Style)).Select(style => $";{style.Code}"))
        + Sgr(38, attribute.Foreground)
        + Sgr(48, attribute.Background);

    private static string Sgr(int what, Color colour) =>
        colour == Color.None ? "" : string.Create(CultureInfo.InvariantCulture, $";{what};2;{colour.R};{colour.G};{colour.B}");

    public bool HasEnded => _window.StopRequested;

    public Cell At(int column, int row) => _app.Driver!.Contents![row, column];

    public TestScreen Press(params Key[] keys) =>
        Do(() =>
        {
            foreach (var key in keys)
            {
                _app.InjectKey(key);
            }
        });

    public TestScreen Click(int column, int row) =>
        Do(() => _app.InjectSequence(InputInjectionExtensions.LeftButtonClick(new(column, row))));

    public TestScreen Type(string text) =>
        Do(() =>
        {
            foreach (var rune in text.EnumerateRunes())
            {
                _app.InjectKey(new Key(rune.Value));
            }
        });

    public TestScreen Paste(string text) => Do(() => _app.RaisePasteEvent(text));

    public TestScreen Wheel(int column, int row, bool up) =>
        Do(() => _app.InjectMouse(new() { ScreenPosition = new(column, row), Flags = up ? MouseFlags.WheeledUp : MouseFlags.WheeledDown }));

    /// <summary>Presses the left button at the first cell, moves over the others, and lets go at the last, as terminals report it.</summary>
    public TestScreen Drag(params (int Column, int Row)[] cells) =>
        Do(() =>
        {
            Report(cells[0], MouseFlags.LeftButtonPressed);
            foreach (var cell in cells.Skip(1))
            {
                Report(cell, MouseFlags.LeftButtonPressed | MouseFlags.PositionReport);
            }
            Report(cells[^1], MouseFlags.LeftButtonReleased);
            Report(cells[^1], MouseFlags.LeftButtonClicked);
        });

    private void Report((int Column, int Row) cell, MouseFlags flags) =>
        _app.InjectMouse(new() { ScreenPosition = new(cell.Column, cell.Row), Flags = flags });

    /// <summary>Ends the last command.</summary>
    public TestScreen Answer(CommandResult result) => Receive(new CommandMsg.Ended(Store.Model.LastCommand, result));

    public TestScreen Receive(params Msg[] messages) => Do(() => Array.ForEach(messages, Store.Dispatch));

    public TestScreen Resize(int width, int height) => Do(() => _app.Driver!.SetScreenSize(width, height));

    public TestScreen Wait(TimeSpan time) =>
        Do(() =>
        {
            var step = TimeSpan.FromMilliseconds(50);
            for (var left = time; left > TimeSpan.Zero; left -= step)
            {
                _time.Advance(step);
                if (_window.TimeUntilDue <= TimeSpan.Zero)
                {
                    _window.Tick();
                }
            }
        });

    /// <summary>The terminal takes no more for a while, or takes it again.</summary>
    public TestScreen Hold(bool hold) => Do(() => _window.Hold(hold));

    public void Dispose()
    {
        _app.End(_session);
        _window.Dispose();
        _app.Dispose();
    }

    private TestScreen Do(Action action)
    {
        action();
        Draw();
        return this;
    }

    private void Draw() => _app.LayoutAndDraw();

    private sealed class VirtualClock(VirtualTimeProvider time, DateTimeOffset start) : TimeProvider
    {
        private readonly DateTime _start = time.Now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => start + (time.Now - _start);

        public override long GetTimestamp() => time.Now.Ticks;
    }
}
