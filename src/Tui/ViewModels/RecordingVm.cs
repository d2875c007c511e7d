using System.Collections.Immutable;
using System.Text;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Recordings;
using StoriesCli.Tui.State;

namespace StoriesCli.Tui.ViewModels;

/// <summary>What of a recording stands on the stage at a moment.</summary>
internal sealed record RecordingFrame(ImmutableArray<Line> Lines);

/// <summary>
/// The recorded terminal as lines. Where the stage is smaller, a part of it that moves along with its cursor, and a line that says so.
/// </summary>
internal sealed class RecordingVm
{
    // Recorded colours were chosen on a dark ground, and most are unreadable on a light one: they bring theirs along.
    private static readonly Rgb _ground = new(18, 18, 18), _letters = new(204, 204, 204);

    private RecordingPlayer? _player;
    private RecordingFrame? _frame;
    private Box _area;
    private int _left, _top;

    /// <returns>The same frame as long as it looks the same; null where no recording is open.</returns>
    public RecordingFrame? Show(AppState s, Box area)
    {
        if (s.Shown is not { } story || s.Recordings.GetValueOrDefault(story.Id)?.Recording is not { } recording)
        {
            return _frame = null;
        }
        if (_player is null || !ReferenceEquals(_player.Recording, recording))
        {
            (_player, _frame, _left, _top) = (new(recording), null, 0, 0);
        }
        // One that is opened in a pause shows how it ends: its beginning is an empty screen.
        if (_player.Go(s is { Paused: true, Elapsed.Ticks: 0 } ? recording.Length : s.Elapsed) || _frame is null || _area != area)
        {
            _area = area;
            _frame = Draw(_player.Screen);
        }
        return _frame;
    }

    private RecordingFrame Draw(Emulator screen)
    {
        var partly = screen.Columns > _area.Width || screen.Rows > _area.Height;
        var (columns, rows) = (Math.Min(screen.Columns, _area.Width), Math.Min(screen.Rows, _area.Height - (partly && _area.Height > 3 ? 1 : 0)));
        if (columns <= 0 || rows <= 0)
        {
            return new([]);
        }
        _left = Follow(_left, screen.At.X, columns, screen.Columns);
        _top = Follow(_top, screen.At.Y, rows, screen.Rows);
        var lines = ImmutableArray.CreateBuilder<Line>();
        for (var y = _top; y < _top + rows; y++)
        {
            var cursor = screen.CursorIsVisible && screen.At.Y == y ? screen.At.X - _left : -1;
            lines.Add(Row(screen.Row(y).Slice(_left, columns), cursor));
        }
        if (partly && _area.Height > 3)
        {
            lines.Add(Line.Text(Cells.Cut($"{columns}×{rows} of {screen.Columns}×{screen.Rows}, where its cursor is", columns), Tone.Dim));
        }
        return new(lines.ToImmutable());
    }

    /// <summary>The first row or column to be seen: moved no more than the cursor needs.</summary>
    private static int Follow(int first, int cursor, int seen, int all) =>
        Math.Clamp(first, Math.Max(0, Math.Min(cursor - seen + 1, all - seen)), Math.Max(0, Math.Min(cursor, all - seen)));

    private static Line Row(ReadOnlySpan<Glyph> row, int cursor)
    {
        var runs = ImmutableArray.CreateBuilder<Run>();
        var text = new StringBuilder();
        Ink ink = default;
        for (var x = 0; x < row.Length; x++)
        {
            var glyph = row[x];
            if (glyph.Columns == 0 && x > 0)
            {
                continue;
            }
            if (glyph.Columns == 0 || x + glyph.Columns > row.Length)
            {
                // Half of a wide character stands beyond the edge.
                glyph = Glyph.Blank(glyph.Ink);
            }
            var next = OnGround(glyph.Ink, reverse: x == cursor);
            if (text.Length > 0 && next != ink)
            {
                runs.Add(new(text.ToString(), ink));
                text.Clear();
            }
            ink = next;
            glyph.AppendTo(text);
        }
        runs.Add(new(text.ToString(), ink));
        return new(runs.ToImmutable());
    }

    private static Ink OnGround(Ink ink, bool reverse) => ink with
    {
        Fore = ink.Fore ?? _letters,
        Back = ink.Back ?? _ground,
        Style = reverse ? ink.Style ^ InkStyle.Reverse : ink.Style,
    };
}
