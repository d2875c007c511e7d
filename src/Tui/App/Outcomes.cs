using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;

namespace StoriesCli.Tui.App;

/// <summary>Takes in how deeds go and end.</summary>
internal static class Outcomes
{
    public static AppState Moved(AppState s, Msg.DeedMoved moved) =>
        s.Deeds.FirstOrDefault(deed => deed.Number == moved.Number) switch
        {
            Deed.Post when s.Dialog is Dialog.Filling form && form.Deed == moved.Number => s with
            {
                Dialog = form with { Upload = moved.Transfer },
            },
            Deed.Save => s.Say($"Saving: {100 * moved.Transfer.Done / Math.Max(1, moved.Transfer.Total)} %"),
            _ => s,
        };

    public static AppState Ended(AppState s, Msg.DeedEnded ended)
    {
        if (s.Deeds.FirstOrDefault(deed => deed.Number == ended.Number) is not { } deed)
        {
            // Cancelled meanwhile. What it did after all, the event stream tells.
            return s;
        }
        var waiting = s.Dialog?.Deed == ended.Number;
        s = s with { Deeds = s.Deeds.Remove(deed) };
        return ended.Outcome switch
        {
            Outcome.Failed failed when waiting => s with { Dialog = Failed(s.Dialog!, failed.Reason) },
            Outcome.Failed failed => s.Say(failed.Reason),
            Outcome.Listed listed when waiting => s with { Dialog = Listed(s.Dialog as Dialog.Choosing ?? new(listed.Title, []), listed) },
            Outcome.Listed => s,
            Outcome.Found { Stories.IsEmpty: true } when waiting => s with { Dialog = Failed(s.Dialog!, "Nothing found.") },
            Outcome.Found { IsArchive: true } found => waiting
                ? Albums.Open(Closed(s, waiting), found.Title, found.Stories, isArchive: true)
                : s,
            Outcome.Mutes mutes => Mutes.Show(s, mutes.Now),
            Outcome.Muted muted => Mutes.Told(Closed(s, waiting), muted),
            Outcome.Unarchived gone => Removal
                .Without(Closed(s, waiting), story => story.Id == gone.StoryId, inArchive: true)
                .Say("Deleted for good."),
            Outcome.Asked asked => waiting && s.Dialog is Dialog.Choosing list ? Questions.Show(s, list, asked) : s,
            Outcome.Settings told => Settings.Show(s, told.Account, waiting),
            Outcome.Opened { Dialog: Dialog.Telling { Copied: { } copied } told } => (s with { Dialog = told }).Copy(copied),
            Outcome.Opened opened => waiting ? s with { Dialog = opened.Dialog } : s,
            Outcome.Found found => waiting ? Albums.Open(Closed(s, waiting), found.Title, found.Stories, highlight: found.Highlight) : s,
            Outcome.Waited waited => Gates.Tell(s, waited),
            Outcome.Ordered ordered => Albums.Order(s, ordered.StoryIds),
            Outcome.Replied replied => Reply(
                Closed(s, waiting) with
                {
                    Drafts = s.Drafts.Remove(replied.StoryId),
                },
                replied.StoryId,
                replied.Reply,
                counts: true
            ),
            Outcome.Changed changed => Say(Live.Refresh(Closed(s, waiting), changed.Story), changed.Words),
            Outcome.Gone gone => Live.Remove(Closed(s, waiting), gone.StoryId).Say(gone.Words),
            Outcome.Posted posted => (Live.Put(Closed(s, waiting), posted.Story) with { PostForm = null }).Say("Posted."),
            Outcome.Shared shared => (s with { Dialog = new Dialog.Sharing(shared.Share) { StoryId = shared.StoryId } }).Copy(
                shared.Share.Url
            ),
            Outcome.Left => s with
            {
                Places = [],
                Open = null,
                ShownId = null,
                Connection = Connection.SignedOut,
                Trouble = "you have left",
                Dialog = new Dialog.Telling(
                    "You have left.",
                    "Nothing of yours is on this server any more, and its token here is forgotten."
                ),
            },
            Outcome.Said said => Closed(s, waiting).Say(said.Words),
            _ => s,
        };
    }

    public static AppState Loaded(AppState s, Msg.DetailsArrived arrived) =>
        s with
        {
            Details = s
                .Details.RemoveRange(s.Details.Keys.Where(id => id != s.ShownId && id != arrived.StoryId))
                .SetItem(arrived.StoryId, Merge(s.Details.GetValueOrDefault(arrived.StoryId), arrived.Details)),
        };

    /// <summary>A reply that is here already, as its event may be, is not added again.</summary>
    public static AppState Reply(AppState s, string storyId, Reply reply, bool counts)
    {
        var details = s.Details.GetValueOrDefault(storyId) ?? new();
        var known = details.Replies ?? [];
        if (known.Any(other => other.Id == reply.Id))
        {
            return s;
        }
        s = s with
        {
            Details = s.Details.SetItem(storyId, details with { Replies = known.Add(reply) }),
            ThreadScroll = s.ShownId == storyId ? 0 : s.ThreadScroll,
        };
        var story = counts ? s.Places.SelectMany(place => place.Stories).FirstOrDefault(story => story.Id == storyId) : null;
        return story is null ? s : Live.Refresh(s, story with { ReplyCount = story.ReplyCount + 1 });
    }

    /// <summary>The story that was answered stays for its whole time once more.</summary>
    private static AppState Closed(AppState s, bool waiting) => waiting ? s with { Dialog = null, Elapsed = TimeSpan.Zero } : s;

    private static AppState Say(AppState s, string? words) => words is null ? s : s.Say(words);

    private static Dialog Failed(Dialog dialog, string reason) =>
        dialog is Dialog.Filling form
            ? form with
            {
                Deed = null,
                Upload = null,
                Trouble = reason,
            }
            : dialog with
            {
                Deed = null,
                Trouble = reason,
            };

    private static Dialog.Choosing Listed(Dialog.Choosing list, Outcome.Listed listed) =>
        list with
        {
            Title = listed.Title,
            All = listed.Choices,
            Up = listed.Up,
            Filter = "",
            At = 0,
            Deed = null,
            Trouble = listed.Choices.IsEmpty ? "Nothing here." : null,
        };

    private static Details Merge(Details? known, Details fresh) =>
        new()
        {
            Replies = fresh.Replies ?? known?.Replies,
            Viewers = fresh.Viewers ?? known?.Viewers,
            Acks = fresh.Acks ?? known?.Acks,
            Text = fresh.Text ?? known?.Text,
        };
}
