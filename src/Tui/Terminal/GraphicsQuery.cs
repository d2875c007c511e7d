using System.Globalization;
using StoriesCli.Tui.Images;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace StoriesCli.Tui.Terminal;

/// <summary>Asks the terminal what it can draw, and how large a cell is. Nothing waits for the answer; half blocks are used until then.</summary>
internal sealed class GraphicsQuery : IDisposable
{
    private const string CellSize = "\e[16t",
        DeviceAttributes = "\e[c";
    private const string SixelAttribute = "4";

    /// <summary>Later answers are ignored. It is long because a terminal that was just opened may be slow.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly ImageMode _mode;
    private readonly bool _isTmux;
    private readonly Action<Graphics> _tell;
    private readonly TimeProvider _clock;
    private readonly long _asked;
    private readonly IInputProcessor _input;
    private readonly IApplication _app;
    private GraphicsKind _kind;
    private Box? _cell;
    private int _colours = SixelEncoder.ColoursMaximum;

    /// <param name="app">Has just taken the terminal.</param>
    /// <param name="mode">What the viewer set.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="clock">For the patience.</param>
    /// <param name="tell">What the terminal can, each time that more of it is known; on the UI thread.</param>
    public GraphicsQuery(IApplication app, ImageMode mode, Func<string, string?> environment, TimeProvider clock, Action<Graphics> tell)
    {
        (_app, _mode, _clock, _tell) = (app, mode, clock, tell);
        _isTmux = !string.IsNullOrEmpty(environment("TMUX"));
        _kind = mode switch
        {
            ImageMode.Kitty => GraphicsKind.Kitty,
            ImageMode.Sixel => GraphicsKind.Sixel,
            _ => GraphicsKind.Blocks,
        };
        _input = app.Driver!.GetInputProcessor();
        _asked = clock.GetTimestamp();
        if (mode is ImageMode.Blocks or ImageMode.Off)
        {
            return;
        }
        _input.AnsiSequenceSwallowed += Hear;
        app.ScreenChanged += Measure;
        // The attributes are asked for last: every terminal answers, so that no answer before them is cut off by a key.
        app.Driver.WriteRaw((mode == ImageMode.Auto && !_isTmux ? KittyEncoder.Query : "") + CellSize + DeviceAttributes);
        if (mode == ImageMode.Sixel)
        {
            app.Driver.WriteRaw(SixelEncoder.AskForColours);
        }
        _cell = TerminalPixels.OfCell();
        Tell();
    }

    public void Dispose()
    {
        _input.AnsiSequenceSwallowed -= Hear;
        _app.ScreenChanged -= Measure;
    }

    /// <summary>What an answer says of graphics: null where nothing.</summary>
    public static GraphicsKind? KindOf(string answer) =>
        answer.StartsWith(KittyEncoder.Answer, StringComparison.Ordinal) ? GraphicsKind.Kitty
        : answer.StartsWith("\e[?", StringComparison.Ordinal) && answer.EndsWith('c') && answer[3..^1].Split(';').Contains(SixelAttribute)
            ? GraphicsKind.Sixel
        : null;

    /// <summary>The pixels of a cell, of an answer to <c>CSI 16 t</c>.</summary>
    public static Box? CellOf(string answer) =>
        answer.StartsWith("\e[6;", StringComparison.Ordinal)
        && answer.EndsWith('t')
        && answer[4..^1].Split(';') is [var height, var width]
        && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var h)
        && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var w)
        && h is > 0 and <= 200
        && w is > 0 and <= 200
            ? new(w, h)
            : null;

    /// <summary>How many colours a sixel may have, of an answer to <see cref="SixelEncoder.AskForColours"/>.</summary>
    public static int? ColoursOf(string answer) =>
        answer.StartsWith("\e[?1;0;", StringComparison.Ordinal)
        && answer.EndsWith('S')
        && int.TryParse(answer.AsSpan()[7..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var colours)
        && colours > 1
            ? colours
            : null;

    private void Hear(object? sender, string answer)
    {
        if (_clock.GetElapsedTime(_asked) > _patience)
        {
            return;
        }
        if (_mode == ImageMode.Auto && KindOf(answer) is { } kind && kind > _kind)
        {
            _kind = kind;
            if (kind == GraphicsKind.Sixel)
            {
                _app.Driver!.WriteRaw(SixelEncoder.AskForColours);
            }
        }
        // The kernel's word is newer after each change of the font.
        _cell = TerminalPixels.OfCell() ?? CellOf(answer) ?? _cell;
        _colours = ColoursOf(answer) ?? _colours;
        Tell();
    }

    private void Measure(object? sender, EventArgs e)
    {
        _cell = TerminalPixels.OfCell() ?? _cell;
        Tell();
    }

    private void Tell() => _tell(Graphics.Of(_kind, _cell, _colours));
}
