using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>What a key of the viewer asks for.</summary>
internal enum Wish
{
    Reply,
    React,
    Ack,
    Vote,
    Resolve,
    Keep,
    Edit,
    Delete,
    Extend,
    CopyId,
    Share,
    OpenLink,
    Download,
    Post,
    Highlights,
    Search,
    People,
    Mute,
    Report,
    SeenBy,
    Archive,
    Question,
    Digest,
    Settings,
    Promote,
    Earlier,
    Later,
    Wait,
}

/// <summary>Opens what a wish needs to be told, or says why it cannot be granted.</summary>
internal static class Wishes
{
    public static AppState Grant(AppState s, Wish wish) =>
        wish switch
        {
            Wish.Post => s with { Dialog = s.PostForm ?? Forms.NewPost(s.Restricted) },
            Wish.Search => s with
            {
                Dialog = new Dialog.Entering(EntryFor.Search, "Search", "words in captions, texts, tags and names", TextEdit.Empty),
            },
            Wish.People => Listing(s, "People", new Deed.ListPeople()),
            Wish.Mute => Mutes.Ask(s),
            Wish.Archive => Listing(s, "Your archive", new Deed.OpenArchive()),
            Wish.Digest => Listing(s, "The last day", new Deed.LoadDigest()),
            Wish.Question => Listing(s, "The question of the day", new Deed.LoadQuestion()),
            Wish.Settings => Listing(s, "Your settings", new Deed.LoadSettings()),
            Wish.Earlier => Albums.Move(s, -1),
            Wish.Later => Albums.Move(s, +1),
            Wish.OpenLink or Wish.Download or Wish.Promote when s.Restricted => s.Say(
                $"{(wish == Wish.OpenLink ? "Opening links" : "Saving files")} is off here: --restricted."
            ),
            Wish.Reply
            or Wish.React
            or Wish.Ack
            or Wish.Vote
            or Wish.Resolve
            or Wish.Keep
            or Wish.Edit
            or Wish.Extend
            or Wish.Report
            or Wish.SeenBy
            or Wish.Share
            or Wish.Promote
            or Wish.Wait when s.OpenPlace is { IsArchive: true } => s.Say(
                "It is over and for you alone: an archived story can be read, saved and deleted."
            ),
            Wish.Delete when s is { OpenPlace.IsArchive: true, Shown: { } archived } => s with
            {
                Dialog = new Dialog.Asking(
                    "Delete it from your archive, for good?",
                    "Nobody else can see it now.",
                    new Deed.DeleteArchived(archived.Id)
                )
                {
                    StoryId = archived.Id,
                },
            },
            _ => s.Shown is { } shown ? Grant(s, wish, shown) : s,
        };

    /// <summary>A list that is on its way.</summary>
    public static AppState Listing(AppState s, string title, Deed deed)
    {
        s = s.Do(deed);
        return s with { Dialog = new Dialog.Choosing(title, []) { Deed = s.LastDeed } };
    }

    public static AppState AskToOpen(AppState s, string address) =>
        s with
        {
            Dialog = new Dialog.Asking("Open this address outside?", address, new Deed.OpenLink(address)) { StoryId = s.ShownId },
        };

    private static AppState Grant(AppState s, Wish wish, Story shown) =>
        wish switch
        {
            Wish.Reply when !shown.RepliesOn => s.Say("This story takes no replies."),
            Wish.Reply => s with { Dialog = new Dialog.Replying(TextEdit.Of(s.Drafts.GetValueOrDefault(shown.Id))) { StoryId = shown.Id } },
            Wish.React => s with
            {
                Dialog = new Dialog.Reacting(Math.Max(0, Reactions.Emoji.ToList().IndexOf(shown.MyReaction ?? ""))) { StoryId = shown.Id },
            },
            Wish.Ack => s.Do(new Deed.Ack(shown.Id, !shown.Acked)),
            Wish.Vote => Polls.Ask(s, shown),
            Wish.Wait => Gates.Ask(s, shown),
            Wish.Promote => s with
            {
                Dialog = new Dialog.Entering(
                    EntryFor.Promote,
                    "Write it with its thread, to be committed, into the folder",
                    "made when there is none; what exists is not replaced",
                    TextEdit.Proposing($"story-{shown.Id[^6..]}")
                )
                {
                    StoryId = shown.Id,
                },
            },
            Wish.CopyId => s.Copy(shown.Id).Say($"Copied: {shown.Id}"),
            Wish.OpenLink => OpenLink(s, shown),
            Wish.Download => s.Do(new Deed.Save(shown, s.OpenPlace!.IsArchive)).Say("Saving…"),
            Wish.Highlights => Listing(
                s,
                $"Highlights of @{shown.Author.Handle}",
                new Deed.ListHighlights(shown.Author.Handle, shown.Slot)
            ),
            Wish.Report when shown.Author.Handle == s.Me => s.Say("This story is your own: D deletes it."),
            Wish.Report => s with
            {
                Dialog = new Dialog.Entering(
                    EntryFor.Report,
                    $"Report this story of @{shown.Author.Handle} to the admins",
                    "why; its author does not learn who reported it",
                    TextEdit.Empty
                )
                {
                    StoryId = shown.Id,
                },
            },
            Wish.Delete when shown.Author.Handle != s.Me && s.IsAdmin => s with
            {
                Dialog = new Dialog.Asking(
                    $"Delete this story of @{shown.Author.Handle} for everybody, as an admin?",
                    "Its replies and reactions go with it. That you did it is noted.",
                    new Deed.Delete(shown.Id)
                )
                {
                    StoryId = shown.Id,
                },
            },
            _ when shown.Author.Handle != s.Me => s.Say("Only its author can do that."),
            Wish.Keep when shown.KeptIn is { } highlight => s with
            {
                Dialog = new Dialog.Asking(
                    $"Keep it no longer in {highlight}?",
                    "A story whose lifetime is over ends at once.",
                    new Deed.Unkeep(shown.Id)
                )
                {
                    StoryId = shown.Id,
                },
            },
            Wish.Keep => s with
            {
                Dialog = new Dialog.Entering(
                    EntryFor.Keep,
                    "Keep beyond its lifetime, in the highlight",
                    "a-z 0-9 . _ -",
                    TextEdit.Proposing(NewKeep.DefaultHighlight)
                )
                {
                    StoryId = shown.Id,
                },
            },
            Wish.Extend => s with
            {
                Dialog = new Dialog.Entering(EntryFor.Extend, "Lifetime from now on", "such as 90m, 6h or 7d", TextEdit.Proposing("24h"))
                {
                    StoryId = shown.Id,
                },
            },
            Wish.Resolve => shown.Help is { } help
                ? s.Do(new Deed.Resolve(shown.Id, !help.Resolved))
                : s.Say("This story does not ask for help."),
            Wish.SeenBy => Listing(s, "Seen by", new Deed.ListViewers(shown.Id, s.Zone)),
            Wish.Share => s with
            {
                Dialog = new Dialog.Entering(
                    EntryFor.Share,
                    "Share it outside, as a page for whoever has the address, for",
                    $"such as 6h or 2d, at most {Durations.Format(Limits.ShareTtlMaximum)}",
                    TextEdit.Proposing(Durations.Format(Limits.ShareTtl))
                )
                {
                    StoryId = shown.Id,
                },
            },
            Wish.Delete => s with
            {
                Dialog = new Dialog.Asking(
                    "Delete this story for everybody?",
                    "Its replies and reactions go with it.",
                    new Deed.Delete(shown.Id)
                )
                {
                    StoryId = shown.Id,
                },
            },
            Wish.Edit => s with { Dialog = Forms.Editing(shown) },
            _ => s,
        };

    private static AppState OpenLink(AppState s, Story shown)
    {
        string[] addresses = [.. shown.Links.Concat(shown.Source?.RunUrl is { } run ? [run] : []).Distinct()];
        return addresses switch
        {
            [] => s.Say("This story has no link."),
            [var only] => AskToOpen(s, only),
            _ => s with
            {
                Dialog = new Dialog.Choosing(
                    "Links",
                    [.. addresses.Select(address => new Choice(address, "", new Msg.LinkChosen(address)))]
                )
                {
                    StoryId = shown.Id,
                },
            },
        };
    }
}
