using StoriesCli.Contracts;
using StoriesCli.Tui.Cards;

namespace StoriesCli.Tui.Recordings;

/// <summary>A live terminal as lines for a terminal that is only printed to. Nothing of it gets there but the cells of a screen: it commands nothing.</summary>
public sealed class LiveTerminalLines
{
    private readonly RecordingView _view = new();
    private readonly LiveTerminal _terminal = new();

    /// <summary>Does what an event says. One of an unknown type does nothing.</summary>
    public void Take(LiveEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        _terminal.Take(happened);
    }

    /// <summary>The screen as it is now, cut to the room that there is, around its cursor.</summary>
    /// <param name="columns">Of the terminal.</param>
    /// <param name="rows">Of the terminal.</param>
    /// <param name="trueColour">Whether it has all colours, or the nearest of 256; null: none at all.</param>
    public IReadOnlyList<string> Draw(int columns, int rows, bool? trueColour) =>
        [.. _view.Draw(_terminal.Screen, columns, rows).Select(line => CardLines.Draw(line, trueColour))];

    /// <summary>The screen as it is now, without the empty rows below.</summary>
    /// <inheritdoc cref="Draw"/>
    public IReadOnlyList<string> DrawLast(int columns, int rows, bool? trueColour) =>
        [
            .. _view
                .Draw(_terminal.Screen, columns, rows)
                .Reverse()
                .SkipWhile(line => string.IsNullOrWhiteSpace(line.ToString()))
                .Reverse()
                .Select(line => CardLines.Draw(line, trueColour)),
        ];
}
