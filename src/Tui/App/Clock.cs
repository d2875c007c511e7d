using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.App;

/// <summary>Follows time: notes and stories end, a search begins, a shown story counts as seen, the next one comes.</summary>
internal static class Clock
{
    /// <summary>How often a bar that fills is drawn.</summary>
    private static readonly TimeSpan _barStep = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a recording that plays is drawn, at most.</summary>
    private static readonly TimeSpan _recordingStep = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1),
        _minute = TimeSpan.FromMinutes(1);

    public static Model Tick(Model model, TerminalMsg.Tick tick) =>
        Advance(
            Viewing.Look(SearchStories.StartDue(MuteMenu.Expire(Removal.Expire(EndNote(model with { Now = tick.Now })))), tick.Passed),
            tick.Passed
        );

    /// <summary>How long nothing changes but by a message; null: for ever. At rest nothing runs until then.</summary>
    public static TimeSpan? NextDue(Model model)
    {
        var due = TimeSpan.MaxValue;
        Until(model.Note?.Until);
        foreach (var place in model.Tray.Places.Where(place => !place.IsArchive))
        {
            foreach (var story in place.Stories)
            {
                Until(story.ExpiresAt);
            }
        }
        Until(model.Link.MutesEnd.IsEmpty ? null : model.Link.MutesEnd.Min);
        if (model.Shown is { } shown)
        {
            // Ages and times left change with each minute, in the last one with each second.
            After(_minute);
            if (shown.ExpiresAt is { } end)
            {
                After(end - model.Now <= _minute ? _second : end - model.Now - _minute);
            }
        }
        Until(SearchStories.DueAt(model));
        After(Viewing.TimeUntilSeen(model));
        After(Viewing.IsLoading(model) ? Viewing.TurnTime : null);
        if (TimeOfAdvancing(model) is { } time)
        {
            After(time - model.Elapsed);
            After(_barStep);
            if (RecordingPlayback.NextChange(model) is { } change)
            {
                After(change < _recordingStep ? _recordingStep : change);
            }
        }
        return due == TimeSpan.MaxValue ? null : due;

        void Until(DateTimeOffset? instant) => After(instant - model.Now);

        void After(TimeSpan? span)
        {
            if (span is { } some && some < due)
            {
                due = some;
            }
        }
    }

    private static Model EndNote(Model model) => model.Note is { } note && note.Until <= model.Now ? model with { Note = null } : model;

    private static Model Advance(Model model, TimeSpan passed)
    {
        if (TimeOfAdvancing(model) is not { } time)
        {
            return model;
        }
        var elapsed = model.Elapsed + passed;
        return elapsed < time ? model with { Elapsed = elapsed } : Navigation.Step(model with { Elapsed = time }, +1);
    }

    /// <summary>How long the shown story stays; null while its time stands still.</summary>
    private static TimeSpan? TimeOfAdvancing(Model model) =>
        model is { Help: false, Dialog: null, Paused: false, Tray.Chosen: null, Shown: { } shown }
        && model.PlayingId != shown.Id
        && model.PlayingId != PlayAll.Everything
        // Its pictures bring its time along.
        && model.Loaded.Video is null
        && Viewing.IsReady(model)
        && RecordingPlayback.TimeOf(model, shown) is { } time
        // A story that is over stays if nothing follows: the viewer opens what arrives later.
        && model.Elapsed < time
            ? time
            : null;
}
