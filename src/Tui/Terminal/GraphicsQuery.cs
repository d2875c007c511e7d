using System.Globalization;
using StoriesCli.Tui.Images;
using Terminal.Gui.App;

namespace StoriesCli.Tui.Terminal;

/// <summary>Asks the terminal what it can draw, and how large a cell is. Nothing waits for the answer; blocks are used until then.</summary>
internal sealed class GraphicsQuery : IDisposable
{
    private const string CellSize = "\e[16t",
        DeviceAttributes = "\e[c";
    private const string SixelAttribute = "4";

    /// <summary>Later answers are ignored. It is long because a terminal that was just opened may be slow.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly ImageMode _mode;
    private readonly Func<string, string?> _environment;
    private readonly Dithering _dithering;
    private readonly Action<Graphics> _tell;
    private readonly TimeProvider _clock;
    private readonly long _asked;
    private readonly IApplication _app;
    private TerminalFacts _facts = new();
    private Box? _cell;
    private int _colours = SixelEncoder.ColoursMaximum;
    private bool _hasAskedForColours;

    /// <param name="app">Has just taken the terminal.</param>
    /// <param name="mode">What the viewer set.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="dithering">The colours of blocks.</param>
    /// <param name="clock">For the patience.</param>
    /// <param name="tell">What the terminal can, each time that more of it is known; on the UI thread.</param>
    public GraphicsQuery(
        IApplication app,
        ImageMode mode,
        Func<string, string?> environment,
        Dithering dithering,
        TimeProvider clock,
        Action<Graphics> tell
    )
    {
        (_app, _mode, _environment, _dithering, _clock, _tell) = (app, mode, environment, dithering, clock, tell);
        _asked = clock.GetTimestamp();
        if (mode == ImageMode.Off)
        {
            return;
        }
        app.ScreenChanged += Measure;
        if (mode is not (ImageMode.Blocks or ImageMode.Sextants or ImageMode.Octants))
        {
            app.Driver!.WriteRaw((mode == ImageMode.Auto ? Questions(environment) : "") + CellSize + DeviceAttributes);
        }
        _cell = TerminalPixels.OfCell();
        Tell();
    }

    public void Dispose() => _app.ScreenChanged -= Measure;

    /// <summary>tmux answered.</summary>
    public void Hear(TmuxFacts? tmux)
    {
        _facts = _facts with { Tmux = tmux };
        Tell();
    }

    /// <summary>The terminal answered something.</summary>
    public void Hear(string answer)
    {
        if (_mode == ImageMode.Off || _clock.GetElapsedTime(_asked) > _patience)
        {
            return;
        }
        _facts = Add(_facts, answer);
        // The kernel's word is newer after each change of the font.
        _cell = TerminalPixels.OfCell() ?? CellOf(answer) ?? _cell;
        _colours = ColoursOf(answer) ?? _colours;
        Tell();
    }

    /// <summary>Asks the same of a terminal on which nothing draws.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="environment">The environment's variables.</param>
    public static IReadOnlyList<string> Ask(int input, Func<string, string?> environment) =>
        TerminalQuestion.Ask(input, Questions(environment) + DeviceAttributes, IsAttributes);

    /// <summary>What is known after an answer.</summary>
    public static TerminalFacts Add(TerminalFacts facts, string answer)
    {
        var kind = KindOf(answer);
        return facts with
        {
            Name = TerminalName.Of(answer) ?? facts.Name,
            HasKitty = facts.HasKitty || kind == GraphicsKind.Kitty,
            HasSixel = facts.HasSixel || kind == GraphicsKind.Sixel,
            IsComplete = facts.IsComplete || IsAttributes(answer),
        };
    }

    /// <summary>What an answer says of graphics: null where nothing.</summary>
    public static GraphicsKind? KindOf(string answer) =>
        answer.StartsWith(KittyEncoder.Answer, StringComparison.Ordinal) ? GraphicsKind.Kitty
        : IsAttributes(answer) && answer[3..^1].Split(';').Contains(SixelAttribute) ? GraphicsKind.Sixel
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

    /// <summary>
    /// To be followed by the attributes: every terminal answers to them, so that no answer before them is cut off by a key. Past tmux nothing but
    /// placeholders is drawn, and its own name says nothing of the terminal around it.
    /// </summary>
    private static string Questions(Func<string, string?> environment) =>
        GraphicsChoice.IsTmux(environment) ? "" : KittyEncoder.Query + TerminalName.Query;

    private static bool IsAttributes(string answer) => answer.StartsWith("\e[?", StringComparison.Ordinal) && answer.EndsWith('c');

    private void Measure(object? sender, EventArgs e)
    {
        _cell = TerminalPixels.OfCell() ?? _cell;
        Tell();
    }

    private void Tell()
    {
        var kind = GraphicsChoice.KindFor(_mode, _environment, _facts);
        if (kind == GraphicsKind.Sixel && !_hasAskedForColours)
        {
            _hasAskedForColours = true;
            _app.Driver!.WriteRaw(SixelEncoder.AskForColours);
        }
        _tell(
            Graphics.Of(kind, _cell, _colours) with
            {
                Blocks = GraphicsChoice.ShapeFor(_mode, _environment, _facts),
                Dithering = _dithering,
            }
        );
    }
}
