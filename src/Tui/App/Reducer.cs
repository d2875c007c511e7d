using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Cards;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.App;

/// <summary>What each message does to the state. Pure: the same state is handed back when nothing changed.</summary>
internal static class Reducer
{
    /// <summary>↑ and ↓ pass over people without marking anything as seen: a place opens by itself after this rest.</summary>
    public static TimeSpan ChoiceRest { get; } = TimeSpan.FromMilliseconds(400);

    public static AppState Reduce(AppState s, Msg message) =>
        Sight.MarkSeen(
            Compares.Follow(
                s,
                Dialogs.Check(
                    message switch
                    {
                        Msg.Typed typed => Dialogs.Type(s, typed.Text),
                        Msg.Pasted pasted => Dialogs.Paste(s, pasted.Text),
                        Msg.Steered steered => Dialogs.Move(s, steered.Steer),
                        Msg.Next
                        or Msg.Previous
                        or Msg.NextPerson
                        or Msg.PreviousPerson
                        or Msg.OpenChosen
                        or Msg.OpenPlace
                        or Msg.TogglePause
                        or Msg.ToggleHelp
                        or Msg.Seek
                        or Msg.Compare
                        or Msg.Play
                        or Msg.PlayAll
                        or Msg.Want
                        or Msg.Scroll
                        or Msg.ScrollRows when s.Dialog is not null => s,
                        Msg.Want when s.Help => s,
                        Msg.NextPerson when s.Help => ScrollHelp(s, +1),
                        Msg.PreviousPerson when s.Help => ScrollHelp(s, -1),
                        Msg.Scroll scroll when s.Help => ScrollHelp(s, 10 * scroll.Pages),
                        Msg.ScrollRows scroll when s.Help => ScrollHelp(s, scroll.Rows),
                        Msg.Close or Msg.ToggleHelp when s.Help => s with { Help = false },
                        Msg.Next
                        or Msg.Previous
                        or Msg.OpenChosen
                        or Msg.TogglePause
                        or Msg.Seek
                        or Msg.Compare
                        or Msg.Play
                        or Msg.PlayAll when s.Help => s,
                        Msg.Next => Walk.Step(s, +1),
                        Msg.Previous => Walk.Step(s, -1),
                        Msg.NextPerson => Choose(s, +1),
                        Msg.PreviousPerson => Choose(s, -1),
                        Msg.OpenChosen => s.Chosen is { } chosen ? Walk.Open(s, chosen) : s,
                        Msg.OpenPlace open => Walk.Open(s, open.Key) with { Help = false },
                        Msg.TogglePause => s with { Paused = !s.Paused },
                        Msg.Compare => Compares.Turn(s),
                        Msg.Seek seek => Watching.Seek(s, seek.By),
                        Msg.ToggleHelp => s with { Help = true, HelpScroll = 0 },
                        Msg.Close when s.Chosen is not null => s with { Chosen = null },
                        Msg.Close => Albums.Close(s),
                        Msg.Want want => Wishes.Grant(s, want.Wish),
                        Msg.Scroll scroll => Reading.Page(s, scroll.Pages),
                        Msg.ScrollRows scroll => TextCards.Scroll(s, scroll.Rows),
                        Msg.ScrollThread scroll => Reading.Thread(s, scroll.Rows),
                        Msg.FileChosen chosen => (s.PostForm ?? s.Dialog as Dialog.Filling) is { } form
                            ? s with
                            {
                                Dialog = Forms.WithFile(form, chosen.Path),
                            }
                            : s,
                        Msg.FolderChosen chosen => Wishes.Listing(s, chosen.Path, new Deed.ListFolder(chosen.Path)),
                        Msg.PersonChosen chosen => Person(s with { Dialog = null }, chosen.Handle),
                        Msg.StoryChosen chosen => Waiting(s, new Deed.OpenStory(chosen.StoryId, chosen.Title, s.Zone)),
                        Msg.HistoryChosen chosen => Waiting(s, new Deed.OpenHistory(chosen.Handle, chosen.Slot)),
                        Msg.HighlightChosen chosen => Waiting(s, new Deed.OpenHighlight(chosen.Handle, chosen.Name)),
                        Msg.MuteChosen chosen => Mutes.AskHowLong(s, chosen.Target),
                        Msg.MuteTold told => (s with { Dialog = null, Elapsed = TimeSpan.Zero }).Do(
                            new Deed.Mute(told.Target, told.On, told.For)
                        ),
                        Msg.Listing list => Wishes.Listing(s, list.Title, list.Deed),
                        Msg.Opening opening => s with { Dialog = opening.Dialog },
                        Msg.SettingChosen chosen => Settings.Choose(s, chosen.Change),
                        Msg.AlbumChosen chosen => Albums.Open(s, chosen),
                        Msg.Answering => Questions.Answer(s),
                        Msg.AskingQuestion asking => Questions.Ask(s, asking.Before),
                        Msg.OptionChosen chosen => (s with { Dialog = null, Elapsed = TimeSpan.Zero }).Do(
                            new Deed.Vote(chosen.StoryId, chosen.Option)
                        ),
                        Msg.PollEnding ending => Polls.AskToClose(s, ending.StoryId),
                        Msg.WaitingEnded ended => Gates.Stop(s, ended.StoryId),
                        Msg.LinkChosen chosen => Wishes.AskToOpen(s, chosen.Address),
                        Msg.Play => Playing.Ask(s),
                        Msg.PlayAll => Playing.AskForAll(s),
                        Msg.SeenOutside seen => Sight.Mark(s, seen.StoryId),
                        Msg.Quit => s with { Leaving = new Leave.ForGood() },
                        Msg.StopProcess => s.Restricted ? s : s with { Leaving = new Leave.Stop() },
                        Msg.Returned => s.Leaving is Leave.ForGood ? s : s with { Leaving = null },

                        Msg.Tick tick => Advance(Mutes.Expire(Removal.Expire(Forget(s with { Now = tick.Now }))), tick.Passed),
                        Msg.AreaChanged changed => s.Area == changed.Area && s.Panel == changed.Panel
                            ? s
                            : s with
                            {
                                Area = changed.Area,
                                Panel = changed.Panel,
                            },

                        Msg.GraphicsChanged changed => s.Graphics == changed.Graphics ? s : s with { Graphics = changed.Graphics },

                        Msg.SignedIn account => WayIn.Warn(s with { Me = account.Handle, Role = account.Role }, account),
                        Msg.Trying => s.Connection == Connection.Offline ? s with { Connection = Connection.Reconnecting } : s,
                        Msg.ConnectionBroke broke => s with
                        {
                            Connection = s.Connection == Connection.Live ? Connection.Reconnecting : Connection.Offline,
                            Trouble = broke.Reason,
                        },
                        Msg.SignedOut refused => s.Connection == Connection.SignedOut
                            ? s
                            : (s with { Connection = Connection.SignedOut, Trouble = refused.Reason }).Say($"Signed out: {refused.Reason}"),
                        Msg.Connected => s.Connection == Connection.SignedOut
                            ? s with
                            {
                                Connection = Connection.Reconnecting,
                                Trouble = null,
                            }
                            : s,
                        Msg.TrayArrived tray => Arrivals.Tray(Online(s), tray.Items),
                        Msg.TrayFailed failed => s.Connection == Connection.SignedOut
                            ? s
                            : s with
                            {
                                Connection = Connection.Offline,
                                Trouble = failed.Reason,
                            },
                        Msg.Happened happened => Live.Happen(s, happened.Event),
                        Msg.Missed => Live.Forget(s),
                        Msg.StoriesArrived stories => Arrivals.Stories(s, stories),
                        Msg.DetailsArrived arrived => Outcomes.Loaded(s, arrived),
                        Msg.DeedMoved moved => Outcomes.Moved(s, moved),
                        Msg.DeedEnded ended => Outcomes.Ended(s, ended),
                        Msg.StoryGone gone => Live.Remove(s, gone.StoryId),
                        Msg.PictureArrived picture => Sight.Keep(
                            s,
                            picture.Key,
                            new(picture.Area, picture.Pixels) { Graphics = picture.Graphics, Raster = picture.Raster }
                        ),
                        Msg.PictureMissing missing => Sight.Keep(
                            s,
                            missing.Key,
                            new(missing.Area, null, missing.Reason) { Graphics = missing.Graphics }
                        ),
                        Msg.RecordingArrived recording => Watching.Keep(s, recording.StoryId, new(recording.Recording)),
                        Msg.RecordingMissing missing => Watching.Keep(s, missing.StoryId, new(null, missing.Reason)),
                        Msg.PlayerStarted or Msg.PlayerNeedsTerminal or Msg.PlayerEnded => Playing.Report(s, message),
                        _ => s,
                    }
                )
            )
        );

    private static AppState Person(AppState s, string handle) =>
        s.Places.FirstOrDefault(place => place.Key == new PlaceKey(handle, null)) is { } own ? Walk.Open(s, own.Key)
        : s.Places.FirstOrDefault(place => place.Key.Handle == handle) is { } slot ? Walk.Open(s, slot.Key)
        : Wishes.Listing(s, $"Highlights of @{handle}", new Deed.ListHighlights(handle));

    /// <summary>The list stays until what was chosen in it is there.</summary>
    private static AppState Waiting(AppState s, Deed deed)
    {
        s = s.Do(deed);
        return s with { Dialog = s.Dialog is { } dialog ? dialog with { Deed = s.LastDeed, Trouble = null } : null };
    }

    private static AppState ScrollHelp(AppState s, int rows) =>
        s with
        {
            HelpScroll = Math.Clamp(s.HelpScroll + rows, 0, s.Keys.For(s.Restricted).Count() - 1),
        };

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
        if (s.Help || s.Dialog is not null)
        {
            return s;
        }
        if (s.Chosen is { } chosen)
        {
            return s.ChosenFor + passed < ChoiceRest ? s with { ChosenFor = s.ChosenFor + passed } : Walk.Open(s, chosen);
        }
        if (s.Paused || s.Shown is not { } shown || s.PlayingId == shown.Id || s.PlayingId == Playing.Everything || !Sight.IsReady(s))
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

    private static AppState Online(AppState s) =>
        s is { Connection: Connection.SignedOut } or { Connection: Connection.Live, TrayStale: false }
            ? s
            : s with
            {
                Connection = Connection.Live,
                Trouble = null,
                TrayStale = false,
                Pictures = s.Pictures.RemoveRange(s.Pictures.Where(p => p.Value.Pixels is null).Select(p => p.Key)),
                Recordings = s.Recordings.RemoveRange(s.Recordings.Where(r => r.Value.Recording is null).Select(r => r.Key)),
            };
}
