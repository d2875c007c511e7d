using System.Collections.Immutable;
using System.Globalization;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Recordings;

/// <summary>The visible part of a recording at a moment.</summary>
internal sealed record RecordingFrame(ImmutableArray<Line> Lines);

/// <summary>
/// The terminal of a recording or of a live story as lines. If the stage is smaller: the part around the cursor, and a line that says so.
/// </summary>
internal sealed class RecordingVm
{
    private string? _storyId;
    private RecordingPlayer? _player;
    private Emulator? _followed;
    private RecordingFrame? _frame;
    private Box _area;
    private RecordingView _view = new();

    /// <summary>Whether more work is to be done, by asking again, until it shows what it should.</summary>
    public bool IsBehind => _frame is not null && _player is { IsBehind: true };

    /// <returns>The same object while it looks the same; null if neither a recording nor a live terminal is open.</returns>
    public RecordingFrame? Show(Model model, Box area)
    {
        if (model.Shown is not { } story)
        {
            return _frame = null;
        }
        if (_storyId != story.Id)
        {
            (_storyId, _player, _followed, _frame, _view) = (story.Id, null, null, null, new());
        }
        var loaded = model.Loaded.Recordings.GetValueOrDefault(story.Id);
        if (loaded is null && LiveTerminals.ScreenOf(model, story.Id) is { } screen)
        {
            return Follow(screen, area);
        }
        return loaded?.Recording is { } recording ? Play(model, recording, area) : _frame = null;
    }

    private RecordingFrame Follow(Emulator screen, Box area)
    {
        if (_frame is null || !ReferenceEquals(_followed, screen) || _area != area)
        {
            (_followed, _area) = (screen, area);
            _frame = Draw(screen, (screen.Columns, screen.Rows));
        }
        return _frame;
    }

    private RecordingFrame Play(Model model, Recording recording, Box area)
    {
        if (_player is null || !ReferenceEquals(_player.Recording, recording))
        {
            _player = new(recording);
            // The last screen of a live terminal stays until its recording has got there.
            _frame = _followed is null ? null : _frame;
        }
        // A recording opened while paused shows its end: the beginning is an empty screen.
        var hasMoved = _player.Go(model is { Paused: true, Elapsed.Ticks: 0 } ? recording.Length : model.Elapsed);
        if (_followed is not null && _frame is not null && _player.IsBehind && _area == area)
        {
            return _frame;
        }
        if (hasMoved || _frame is null || _followed is not null || _area != area)
        {
            (_followed, _area) = (null, area);
            _frame = Draw(_player.Screen, recording.Stated);
        }
        return _frame;
    }

    /// <param name="screen">What there is.</param>
    /// <param name="stated">The size that the recording states, which may be larger than a terminal can be here.</param>
    private RecordingFrame Draw(Emulator screen, (double Columns, double Rows) stated)
    {
        var isCut = stated.Columns > Emulator.ColumnsMaximum || stated.Rows > Emulator.RowsMaximum;
        var partly = (isCut || screen.Columns > _area.Width || screen.Rows > _area.Height) && _area.Height > 3;
        var lines = _view.Draw(screen, _area.Width, _area.Height - (partly ? 1 : 0));
        if (!partly || lines.IsEmpty)
        {
            return new(lines);
        }
        var of = isCut
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{stated.Columns:0}×{stated.Rows:0}; only {Emulator.ColumnsMaximum}×{Emulator.RowsMaximum} are played"
            )
            : $"{screen.Columns}×{screen.Rows}, where its cursor is";
        return new(
            lines.Add(Line.Text(Cells.Cut($"{Math.Min(screen.Columns, _area.Width)}×{lines.Length} of {of}", _area.Width), Tone.Dim))
        );
    }
}
