using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;

namespace StoriesCli.Tui.App;

/// <summary>What keys do in the dialog that is open.</summary>
internal static class Dialogs
{
    private const int Page = 10;

    public static AppState Type(AppState s, string typed) =>
        s.Dialog switch
        {
            { Deed: not null } or { IsOrphaned: true } => s,
            Dialog.Replying reply => s with { Dialog = reply with { Text = reply.Text.Insert(CleanText.Lines(typed)), Trouble = null } },
            Dialog.Entering entry => s with { Dialog = entry with { Text = entry.Text.Insert(CleanText.OneLine(typed)), Trouble = null } },
            Dialog.Filling form => Edit(
                s,
                form,
                text => text.Insert(form.Fields[form.At].Kind == FieldKind.Lines ? CleanText.Lines(typed) : CleanText.OneLine(typed))
            ),
            Dialog.Choosing { IsNumbered: true } list => typed is [>= '1' and <= '9' and var digit] && digit - '1' < list.All.Length
                ? Reducer.Reduce(s, list.All[digit - '1'].Then)
                : s,
            Dialog.Choosing list => s with { Dialog = list with { Filter = list.Filter + CleanText.OneLine(typed), At = 0 } },
            Dialog.Asking ask when typed is "y" or "Y" => Confirm(s, ask),
            Dialog.Asking when typed is "n" or "N" => Close(s),
            Dialog.Sharing shared when typed is "y" => s.Copy(shared.Share.Url).Say("Copied."),
            Dialog.Telling { Copied: { } copied } when typed is "y" => s.Copy(copied).Say("Copied."),
            _ => s,
        };

    /// <summary>Terminals send a carriage return where the pasted text has a new line.</summary>
    public static AppState Paste(AppState s, string pasted) =>
        s.Dialog is { IsWritten: true } or Dialog.Choosing { IsNumbered: false }
            ? Type(s, pasted.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'))
            : s;

    public static AppState Move(AppState s, Steer steer) =>
        (s.Dialog, steer) switch
        {
            (null, _) => s,
            (_, Steer.Escape) => Close(s),
            ({ Deed: not null } or { IsOrphaned: true }, _) => s,
            (Dialog.Replying reply, Steer.Enter) => Send(s, reply),
            (Dialog.Replying, Steer.PageUp) => Reading.Panel(s, -Math.Max(1, s.Panel.Height / 2)),
            (Dialog.Replying, Steer.PageDown) => Reading.Panel(s, Math.Max(1, s.Panel.Height / 2)),
            (Dialog.Replying reply, _) => s with { Dialog = reply with { Text = reply.Text.After(steer) } },
            (Dialog.Reacting picker, _) => Pick(s, picker, steer),
            (Dialog.Asking { IsGrave: false } ask, Steer.Enter) => Confirm(s, ask),
            (Dialog.Sharing or Dialog.Telling, Steer.Enter) => Close(s),
            (Dialog.Entering entry, Steer.Enter) => Enter(s, entry),
            (Dialog.Entering entry, _) => s with { Dialog = entry with { Text = entry.Text.After(steer) } },
            (Dialog.Choosing list, _) => Choose(s, list, steer),
            (Dialog.Filling form, _) => Fill(s, form, steer),
            _ => s,
        };

    /// <summary>Keeps what was written; an upload that is under way ends, and its form stays.</summary>
    public static AppState Close(AppState s)
    {
        var waited = s.Dialog?.Deed;
        s = waited is null ? s : s with { Deeds = s.Deeds.RemoveAll(deed => deed.Number == waited) };
        return s.Dialog switch
        {
            Dialog.Filling { Upload: not null } form => s with
            {
                Dialog = form with { Deed = null, Upload = null, Trouble = "Cancelled: nothing was posted." },
            },
            Dialog.Filling { For: FormFor.Post } form => s with { Dialog = null, PostForm = form with { Deed = null, Trouble = null } },
            Dialog.Replying { StoryId: { } id } reply => s with
            {
                Dialog = null,
                Elapsed = TimeSpan.Zero,
                Drafts = reply.Text.Text.Length == 0 ? s.Drafts.Remove(id) : s.Drafts.SetItem(id, reply.Text.Text),
            },
            Dialog.Choosing { Up: not null } when s.PostForm is { } form => s with { Dialog = form },
            _ => s with { Dialog = null },
        };
    }

    /// <summary>A dialog about a story that is gone has nothing to do any more: a question closes, and what is written stays to be read.</summary>
    public static AppState Check(AppState s)
    {
        if (s.Dialog is not { StoryId: { } id, IsOrphaned: false } dialog || s.Places.Any(place => place.IndexOf(id) >= 0))
        {
            return s;
        }
        // What was sent already may still be answered.
        return !dialog.IsWritten ? Close(s).Say("That story is gone.")
            : dialog.Deed is not null ? s
            : (s with { Dialog = dialog with { IsOrphaned = true, Trouble = "That story is gone. Esc closes." } }).Say(
                "That story is gone."
            );
    }

    private static AppState Send(AppState s, Dialog.Replying reply)
    {
        if (string.IsNullOrWhiteSpace(reply.Text.Text))
        {
            return s;
        }
        s = (s with { Drafts = s.Drafts.SetItem(reply.StoryId!, reply.Text.Text) }).Do(
            new Deed.Reply(reply.StoryId!, reply.Text.Text.Trim())
        );
        return s with { Dialog = reply with { Deed = s.LastDeed, Trouble = null } };
    }

    private static AppState Pick(AppState s, Dialog.Reacting picker, Steer steer)
    {
        var step = steer switch
        {
            Steer.Left or Steer.Up or Steer.BackTab => -1,
            Steer.Right or Steer.Down or Steer.Tab => +1,
            _ => 0,
        };
        if (steer != Steer.Enter)
        {
            return s with { Dialog = picker with { At = (picker.At + step + Reactions.Emoji.Count) % Reactions.Emoji.Count } };
        }
        var chosen = Reactions.Emoji[picker.At];
        var mine = s.Shown?.MyReaction;
        return (s with { Dialog = null, Elapsed = TimeSpan.Zero }).Do(new Deed.React(picker.StoryId!, chosen == mine ? null : chosen));
    }

    private static AppState Confirm(AppState s, Dialog.Asking ask) => (s with { Dialog = null }).Do(ask.Wanted);

    private static AppState Enter(AppState s, Dialog.Entering entry)
    {
        var text = entry.Text.Text.Trim();
        Deed? deed = entry.For switch
        {
            EntryFor.Report when text.Length > 0 => new Deed.Report(entry.StoryId!, text),
            EntryFor.Ask when text.Length > 0 => new Deed.AskQuestion(text),
            EntryFor.Archive => new Deed.SearchArchive(text),
            EntryFor.Gone when Names.Id.IsMatch(text) => new Deed.FindGone(text, s.Zone),
            EntryFor.Circle => Hub.Circle(text),
            EntryFor.Promote when text.Length > 0 && s.Shown is { } shown => new Deed.Promote(shown, text),
            EntryFor.Search when text.Length > 0 => new Deed.Search(text),
            EntryFor.Keep when Names.Highlight.IsMatch(text) => new Deed.Keep(entry.StoryId!, text),
            EntryFor.Share when Durations.TryParse(text, out var time) && time > TimeSpan.Zero && time <= Limits.ShareTtlMaximum =>
                new Deed.Share(entry.StoryId!, time),
            EntryFor.Extend when Durations.TryParse(text, out _) => new Deed.Edit(entry.StoryId!, new() { Ttl = text }),
            _ => null,
        };
        if (deed is null)
        {
            return text.Length == 0 ? s : s with { Dialog = entry with { Trouble = $"\"{text}\" does not fit: {entry.Hint}." } };
        }
        s = s.Do(deed);
        return s with { Dialog = entry with { Deed = s.LastDeed, Trouble = null } };
    }

    private static AppState Choose(AppState s, Dialog.Choosing list, Steer steer)
    {
        var last = Math.Max(0, list.Shown.Length - 1);
        return steer switch
        {
            Steer.Enter => list.At < list.Shown.Length ? Reducer.Reduce(s, list.Shown[list.At].Then) : s,
            Steer.Up or Steer.BackTab => s with { Dialog = list with { At = Math.Max(0, list.At - 1) } },
            Steer.Down or Steer.Tab => s with { Dialog = list with { At = Math.Min(last, list.At + 1) } },
            Steer.PageUp => s with { Dialog = list with { At = Math.Max(0, list.At - Page) } },
            Steer.PageDown => s with { Dialog = list with { At = Math.Min(last, list.At + Page) } },
            Steer.Home => s with { Dialog = list with { At = 0 } },
            Steer.End => s with { Dialog = list with { At = last } },
            Steer.Backspace or Steer.Left when list is { Filter: "", Up: { } up } => Reducer.Reduce(s, up),
            Steer.Backspace => s with { Dialog = list with { Filter = TextEdit.Of(list.Filter).After(steer).Text, At = 0 } },
            _ => s,
        };
    }

    private static AppState Fill(AppState s, Dialog.Filling form, Steer steer) =>
        steer switch
        {
            Steer.Enter when form.OnButton => Forms.Submit(s, form),
            Steer.Enter when form.Fields[form.At].Kind == FieldKind.File => Wishes.Listing(
                s with
                {
                    PostForm = form,
                },
                "Choose a file",
                new Deed.ListFolder(FolderOf(form["file"]))
            ),
            Steer.Enter when form.Fields[form.At].Kind == FieldKind.More => s with { Dialog = Forms.Unfold(form) },
            Steer.Enter when form.Fields[form.At].Kind == FieldKind.Lines => Edit(s, form, text => text.Insert("\n")),
            Steer.Down or Steer.Tab or Steer.Enter => s with { Dialog = form with { At = Math.Min(form.Fields.Length, form.At + 1) } },
            Steer.Up or Steer.BackTab => s with { Dialog = form with { At = Math.Max(0, form.At - 1) } },
            _ => form.OnButton ? s : Edit(s, form, text => text.After(steer)),
        };

    private static AppState Edit(AppState s, Dialog.Filling form, Func<TextEdit, TextEdit> change)
    {
        if (form.OnButton || form.Fields[form.At].Kind == FieldKind.More)
        {
            return s;
        }
        var field = form.Fields[form.At];
        var text = change(field.Text);
        var edited = form with { Fields = form.Fields.SetItem(form.At, field with { Text = text }), Trouble = null };
        return s with { Dialog = text.Text == field.Text.Text ? edited : edited with { Key = "" } };
    }

    private static string? FolderOf(string file) => file.Length == 0 ? null : Path.GetDirectoryName(file);
}
