using StoriesCli.Tui.Cards;

namespace StoriesCli.Tui.Recordings;

/// <summary>A terminal recording as lines for a terminal that is only printed to. Nothing of it gets there but the cells of a screen: it commands nothing.</summary>
public sealed class RecordingLines
{
    // A hostile recording may want far more; what is there by then is shown.
    private const int MostSteps = 400;

    private readonly RecordingPlayer _player;
    private readonly RecordingView _view = new();

    private RecordingLines(Recording recording) => _player = new(recording);

    /// <summary>How long it plays.</summary>
    public TimeSpan Length => _player.Recording.Length;

    /// <param name="cast">An asciicast, version 2 or 3.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static async Task<RecordingLines> ReadAsync(Stream cast, CancellationToken cancel = default) =>
        new(await CastReader.ReadAsync(cast, cancel).ConfigureAwait(false));

    /// <summary>Goes on to an instant, by a few milliseconds of work.</summary>
    /// <returns>Whether the screen may look otherwise than before.</returns>
    public bool Go(TimeSpan at) => _player.Go(at);

    /// <summary>The screen as it is now, cut to the room that there is, around its cursor.</summary>
    /// <param name="columns">Of the terminal.</param>
    /// <param name="rows">Of the terminal.</param>
    /// <param name="trueColour">Whether it has all colours, or the nearest of 256; null: none at all.</param>
    public IReadOnlyList<string> Draw(int columns, int rows, bool? trueColour) =>
        [.. _view.Draw(_player.Screen, columns, rows).Select(line => CardLines.Draw(line, trueColour))];

    /// <summary>The screen as it is in the end, without the empty rows below.</summary>
    /// <inheritdoc cref="Draw"/>
    public IReadOnlyList<string> DrawLast(int columns, int rows, bool? trueColour)
    {
        for (var steps = 0; steps < MostSteps && _player.Go(Length); steps++) { }
        var lines = _view.Draw(_player.Screen, columns, rows);
        var used = lines.Length;
        while (used > 0 && string.IsNullOrWhiteSpace(lines[used - 1].ToString()))
        {
            used--;
        }
        return [.. lines.Take(used).Select(line => CardLines.Draw(line, trueColour))];
    }
}
