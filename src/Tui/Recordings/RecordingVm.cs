using System.Collections.Immutable;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Recordings;

/// <summary>The visible part of a recording at a moment.</summary>
internal sealed record RecordingFrame(ImmutableArray<Line> Lines);

/// <summary>
/// The recorded terminal as lines. If the stage is smaller: the part around the cursor, and a line that says so.
/// </summary>
internal sealed class RecordingVm
{
    private RecordingPlayer? _player;
    private RecordingFrame? _frame;
    private Box _area;
    private RecordingView _view = new();

    /// <summary>Whether more work is to be done, by asking again, until it shows what it should.</summary>
    public bool IsBehind => _frame is not null && _player is { IsBehind: true };

    /// <returns>The same object while it looks the same; null if no recording is open.</returns>
    public RecordingFrame? Show(Model model, Box area)
    {
        if (model.Shown is not { } story || model.Loaded.Recordings.GetValueOrDefault(story.Id)?.Recording is not { } recording)
        {
            return _frame = null;
        }
        if (_player is null || !ReferenceEquals(_player.Recording, recording))
        {
            (_player, _frame, _view) = (new(recording), null, new());
        }
        // A recording opened while paused shows its end: the beginning is an empty screen.
        if (_player.Go(model is { Paused: true, Elapsed.Ticks: 0 } ? recording.Length : model.Elapsed) || _frame is null || _area != area)
        {
            _area = area;
            _frame = Draw(_player.Screen);
        }
        return _frame;
    }

    private RecordingFrame Draw(Emulator screen)
    {
        var partly = (screen.Columns > _area.Width || screen.Rows > _area.Height) && _area.Height > 3;
        var lines = _view.Draw(screen, _area.Width, _area.Height - (partly ? 1 : 0));
        return new(
            !partly || lines.IsEmpty
                ? lines
                : lines.Add(
                    Line.Text(
                        Cells.Cut(
                            $"{Math.Min(screen.Columns, _area.Width)}×{lines.Length} of {screen.Columns}×{screen.Rows}, where its cursor is",
                            _area.Width
                        ),
                        Tone.Dim
                    )
                )
        );
    }
}
