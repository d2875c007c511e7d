using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Tui.Cards;

namespace StoriesCli.Tui.Recordings;

/// <summary>A live terminal as lines for a terminal that is only printed to. Nothing of it gets there but the cells of a screen: it commands nothing.</summary>
public sealed class LiveTerminalLines
{
    // Text costs about five units a byte. What a hostile sender asks for beyond it is not drawn.
    private const long WorkAByte = 64,
        WorkAhead = 4 << 20;

    private readonly RecordingView _view = new();
    private Emulator _screen = new(80, 24);

    /// <summary>Does what an event says. One of an unknown type does nothing.</summary>
    public void Take(LiveEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var work = WorkAhead;
        if (happened is { Width: { } columns, Height: { } rows })
        {
            if (happened.Type == LiveEventTypes.Snapshot)
            {
                _screen = new(columns, rows);
            }
            else
            {
                _screen.Resize(columns, rows, ref work);
            }
        }
        if (happened.Output is { } output)
        {
            var bytes = Encoding.UTF8.GetBytes(output);
            work += WorkAByte * bytes.Length;
            _screen.Feed(bytes, ref work);
        }
    }

    /// <summary>The screen as it is now, cut to the room that there is, around its cursor.</summary>
    /// <param name="columns">Of the terminal.</param>
    /// <param name="rows">Of the terminal.</param>
    /// <param name="trueColour">Whether it has all colours, or the nearest of 256; null: none at all.</param>
    public IReadOnlyList<string> Draw(int columns, int rows, bool? trueColour) =>
        [.. _view.Draw(_screen, columns, rows).Select(line => CardLines.Draw(line, trueColour))];

    /// <summary>The screen as it is now, without the empty rows below.</summary>
    /// <inheritdoc cref="Draw"/>
    public IReadOnlyList<string> DrawLast(int columns, int rows, bool? trueColour) =>
        [
            .. _view
                .Draw(_screen, columns, rows)
                .Reverse()
                .SkipWhile(line => string.IsNullOrWhiteSpace(line.ToString()))
                .Reverse()
                .Select(line => CardLines.Draw(line, trueColour)),
        ];
}
