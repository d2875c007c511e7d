using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Recordings;
using StoriesCli.Tui.Videos;

namespace StoriesCli.Tui.Screen;

/// <summary>A segment for each story of the place. The smallest step is half a cell, so that most ticks need no redraw.</summary>
internal static class SegmentsVm
{
    private const int NarrowestSegment = 2,
        NarrowestBars = 2;
    private const string Pause = " ⏸",
        Live = " ● live",
        Lost = " ○ live";

    public static Line From(Model model, int width)
    {
        if (model.Tray.OpenPlace is not { } place || model.Shown is not { } shown || width <= 0)
        {
            return Line.Empty;
        }
        // Without a connection nobody follows the live terminal, so it is not marked as live.
        var live = model.Link.Connection == Connection.Live ? new Run(Live, Tone.Bad) : new Run(Lost, Tone.Dim);
        Run[] marks = [shown.Live ? live : new("", Tone.Plain), new(model.Paused ? Pause : "", Tone.Accent)];
        var room = width - marks.Sum(mark => Cells.Columns(mark.Text));
        return room > NarrowestBars ? new([.. Bars(model, place, shown, room).Runs, .. marks]) : Bars(model, place, shown, width);
    }

    private static Line Bars(Model model, Place place, Story shown, int width)
    {
        var (count, current, share) = (place.Stories.Length, place.IndexOf(shown.Id), Share(model));
        if (width - (count - 1) < count * NarrowestSegment)
        {
            // Too many stories for a segment each: one bar shows the position among them.
            (share, count, current) = ((current + share) / count, 1, 0);
        }
        var runs = ImmutableArray.CreateBuilder<Run>();
        for (var i = 0; i < count; i++)
        {
            var start = i * (width + 1) / count;
            var cells = (i + 1) * (width + 1) / count - 1 - start;
            var halves =
                i < current ? 2 * cells
                : i > current ? 0
                : (int)(share * 2 * cells);
            runs.Add(new(new string('━', halves / 2) + (halves % 2 == 1 ? "╸" : ""), Tone.Strong));
            runs.Add(new(new string('─', cells - (halves + 1) / 2) + (i < count - 1 ? " " : ""), Tone.Dim));
        }
        return new(runs.ToImmutable());
    }

    private static double Share(Model model) =>
        VideoPlayback.ShareOf(model)
        ?? (RecordingPlayback.TimeOf(model, model.Shown!) is { } time ? Math.Clamp(model.Elapsed / time, 0, 1) : 0);
}
