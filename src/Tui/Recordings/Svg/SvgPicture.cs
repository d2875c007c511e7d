using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.Cards;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Recordings.Svg;

/// <summary>A recording as an animated SVG, or one screen of it; a text card as a still. Nothing in it runs or is fetched from elsewhere.</summary>
public static class SvgPicture
{
    private const int CardColumns = 80,
        FramesMaximum = 10_000,
        StepsMaximum = 1_000;

    /// <summary>Output that comes this close together is one frame: no eye sees more.</summary>
    private static readonly TimeSpan _frame = TimeSpan.FromMilliseconds(33);

    /// <summary>The last screen stays to be read before the animation begins again.</summary>
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(3);

    /// <param name="cast">An asciicast, version 2 or 3.</param>
    /// <param name="settings">How it looks.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="InvalidDataException">It is no recording, shows nothing, or needs more frames, work or bytes than an SVG has here.</exception>
    public static async Task<string> OfRecordingAsync(Stream cast, SvgSettings settings, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var recording = await CastReader.ReadAsync(cast, cancel, settings.IdleLimit).ConfigureAwait(false);
        if (recording.Stated is not (>= 1, >= 1))
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The recording's header states {recording.Stated.Columns:G9} columns and {recording.Stated.Rows:G9} rows, and a picture needs at least 1 of each."
                )
            );
        }
        if (recording.Output.IsEmpty)
        {
            throw new InvalidDataException(
                $"The recording has a header and {Counted.Of(recording.Events.Length, "event")}, but no output: there is nothing to draw."
            );
        }
        return new Renderer(recording, settings, cancel).Render();
    }

    /// <param name="text">The whole card.</param>
    /// <param name="fileName">Decides how it is coloured; null: a plain text.</param>
    /// <param name="settings">How it looks.</param>
    /// <exception cref="InvalidDataException">It has more rows than a picture.</exception>
    public static string OfCard(string text, string? fileName, SvgSettings settings)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(settings);
        var lines = CardText.Rows(text.TrimEnd(), fileName, settings.Columns ?? CardColumns);
        if (lines.Length > Emulator.RowsMaximum)
        {
            throw new InvalidDataException($"The text has {lines.Length} rows; an SVG shows at most {Emulator.RowsMaximum}.");
        }
        var film = new SvgFilm(SvgTheme.Of(settings.IsLight));
        for (var y = 0; y < lines.Length; y++)
        {
            film.Show(TimeSpan.Zero, y, CellsOf(lines[y]), cursor: -1);
        }
        return film.Write(TimeSpan.Zero, settings.Title ?? fileName ?? "Text");
    }

    private static Glyph[] CellsOf(Line line)
    {
        var cells = new List<Glyph>();
        foreach (var (text, ink) in line.Runs)
        {
            foreach (var cluster in SafeText.Clusters(text))
            {
                var runes = cluster.Text.EnumerateRunes().Select(rune => rune.Value).ToArray();
                cells.Add(new(runes[0], ink, cluster.Columns, runes.ElementAtOrDefault(1), runes.ElementAtOrDefault(2)));
                if (cluster.Columns == 2)
                {
                    cells.Add(new(0, ink, 0));
                }
            }
        }
        return [.. cells];
    }

    private sealed class Renderer(Recording recording, SvgSettings settings, CancellationToken cancel)
    {
        private readonly RecordingPlayer _player = new(recording);
        private readonly SvgFilm _film = new(SvgTheme.Of(settings.IsLight));
        private int _steps;
        private int _rows;

        public string Render()
        {
            var title = settings.Title ?? "Terminal recording";
            if (settings.At is { } still)
            {
                GoTo(still < recording.Length ? still : recording.Length);
                Show(TimeSpan.Zero);
                return _film.Write(TimeSpan.Zero, title);
            }
            var frames = 0;
            Show(TimeSpan.Zero);
            for (var i = 0; i < recording.Events.Length; )
            {
                var at = recording.Events[i].At;
                var until = at + _frame;
                while (i < recording.Events.Length && recording.Events[i].At < until)
                {
                    i++;
                }
                if (++frames > FramesMaximum)
                {
                    throw new InvalidDataException(
                        $"The recording has more than the {FramesMaximum} frames of an SVG. Make a shorter one."
                    );
                }
                GoTo(recording.Events[i - 1].At);
                Show(at);
            }
            return _film.Write(recording.Length + _rest, title);
        }

        private void GoTo(TimeSpan at)
        {
            cancel.ThrowIfCancellationRequested();
            for (var isFirst = true; _player.Go(at); isFirst = false)
            {
                cancel.ThrowIfCancellationRequested();
                // One step a frame is nothing: a recording of ours never needs a second.
                if (!isFirst && ++_steps > StepsMaximum)
                {
                    throw new InvalidDataException("The recording takes too long to draw: it writes to its screen too often.");
                }
            }
        }

        private void Show(TimeSpan at)
        {
            var screen = _player.Screen;
            var columns = Math.Min(screen.Columns, settings.Columns ?? screen.Columns);
            for (var y = 0; y < screen.Rows; y++)
            {
                var cursor = screen.CursorIsVisible && screen.At.Y == y && screen.At.X < columns ? screen.At.X : -1;
                _film.Show(at, y, Cut(screen.Row(y), columns), cursor);
            }
            for (var y = screen.Rows; y < _rows; y++)
            {
                _film.Show(at, y, [], cursor: -1);
            }
            _rows = Math.Max(_rows, screen.Rows);
        }

        /// <summary>Half of a wide character at the edge is a blank.</summary>
        private static ReadOnlySpan<Glyph> Cut(ReadOnlySpan<Glyph> row, int columns)
        {
            if (columns == row.Length || row[columns].Columns != 0)
            {
                return row[..columns];
            }
            var cut = row[..columns].ToArray();
            cut[^1] = Glyph.Blank(cut[^1].Ink);
            return cut;
        }
    }
}
