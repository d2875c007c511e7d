namespace StoriesCli.Tui.State;

/// <summary>What each message does to the state. Pure: the same state is handed back when nothing changed.</summary>
internal static class Reducer
{
    /// <summary>↑ and ↓ pass over people without marking anything as seen: a place opens by itself after this rest.</summary>
    public static TimeSpan ChoiceRest { get; } = TimeSpan.FromMilliseconds(400);

    public static AppState Reduce(AppState s, Msg message) => Sight.MarkSeen(message switch
    {
        Msg.Close or Msg.ToggleHelp when s.Help => s with { Help = false },
        Msg.Next or Msg.Previous or Msg.NextPerson or Msg.PreviousPerson or Msg.OpenChosen or Msg.TogglePause or Msg.Seek or Msg.Play when s.Help => s,
        Msg.Next => Walk.Step(s, +1),
        Msg.Previous => Walk.Step(s, -1),
        Msg.NextPerson => Choose(s, +1),
        Msg.PreviousPerson => Choose(s, -1),
        Msg.OpenChosen => s.Chosen is { } chosen ? Walk.Open(s, chosen) : s,
        Msg.OpenPlace open => Walk.Open(s, open.Key) with { Help = false },
        Msg.TogglePause => s with { Paused = !s.Paused },
        Msg.Seek seek => Watching.Seek(s, seek.By),
        Msg.ToggleHelp => s with { Help = true },
        Msg.Close => s.Chosen is null ? s : s with { Chosen = null },
        Msg.Play => Playing.Ask(s),
        Msg.Quit => s with { Leaving = new Leave.ForGood() },
        Msg.StopProcess => s.Restricted ? s : s with { Leaving = new Leave.Stop() },
        Msg.Returned => s.Leaving is Leave.ForGood ? s : s with { Leaving = null },

        Msg.Tick tick => Advance(Removal.Expire(Forget(s with { Now = tick.Now })), tick.Passed),
        Msg.AreaChanged changed => s.Area == changed.Area ? s : s with { Area = changed.Area },

        Msg.GraphicsChanged changed => s.Graphics == changed.Graphics ? s : s with { Graphics = changed.Graphics },

        Msg.SignedIn account => s with { Me = account.Handle },
        Msg.Trying => s.Connection == Connection.Offline ? s with { Connection = Connection.Reconnecting } : s,
        Msg.TrayArrived tray => Arrivals.Tray(Online(s), tray.Items),
        Msg.TrayFailed failed => s with { Connection = Connection.Offline, Trouble = failed.Reason },
        Msg.StoriesArrived stories => Arrivals.Stories(s, stories),
        Msg.StoryGone gone => Removal.Without(s, story => story.Id == gone.StoryId),
        Msg.PictureArrived picture => Sight.Keep(s, picture.StoryId, new(picture.Area, picture.Pixels) { Graphics = picture.Graphics, Raster = picture.Raster }),
        Msg.PictureMissing missing => Sight.Keep(s, missing.StoryId, new(missing.Area, null, missing.Reason) { Graphics = missing.Graphics }),
        Msg.RecordingArrived recording => Watching.Keep(s, recording.StoryId, new(recording.Recording)),
        Msg.RecordingMissing missing => Watching.Keep(s, missing.StoryId, new(null, missing.Reason)),
        Msg.PlayerStarted or Msg.PlayerNeedsTerminal or Msg.PlayerEnded => Playing.Report(s, message),
        _ => s,
    });

    private static AppState Choose(AppState s, int step)
    {
        var to = s.IndexOf(s.Chosen ?? s.Open) + step;
        if (to < 0 || to >= s.Places.Length)
        {
            return s;
        }
        var key = s.Places[to].Key;
        return s with { Chosen = key == s.Open ? null : key, ChosenFor = TimeSpan.Zero };
    }

    private static AppState Forget(AppState s) => s.Note is { } note && note.Until <= s.Now ? s with { Note = null } : s;

    private static AppState Advance(AppState s, TimeSpan passed)
    {
        if (s.Help)
        {
            return s;
        }
        if (s.Chosen is { } chosen)
        {
            return s.ChosenFor + passed < ChoiceRest ? s with { ChosenFor = s.ChosenFor + passed } : Walk.Open(s, chosen);
        }
        if (s.Paused || s.Shown is not { } shown || s.PlayingId == shown.Id || !Sight.IsReady(s))
        {
            return s;
        }
        if (Watching.TimeOf(s, shown) is not { } time || s.Elapsed >= time)
        {
            // A story that is over stays when nothing follows: what arrives later is for the viewer to open.
            return s;
        }
        var elapsed = s.Elapsed + passed;
        return elapsed < time ? s with { Elapsed = elapsed } : Walk.Step(s with { Elapsed = time }, +1);
    }

    private static AppState Online(AppState s) => s.Connection == Connection.Live ? s : s with
    {
        Connection = Connection.Live,
        Trouble = null,
        Pictures = s.Pictures.RemoveRange(s.Pictures.Where(p => p.Value.Pixels is null).Select(p => p.Key)),
        Recordings = s.Recordings.RemoveRange(s.Recordings.Where(r => r.Value.Recording is null).Select(r => r.Key)),
    };
}
