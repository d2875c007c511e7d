using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A story as one account may see it.</summary>
internal sealed class StoryView(AccountStore accounts, ThreadSummaryOf threadOf)
{
    public IReadOnlyList<Viewer> ViewersOf(StoryEntry entry) =>
        [
            .. entry
                .Views.InOrder.Where(view => !view.IsPrivate)
                .Select(view => new Viewer { Person = accounts.GetPerson(view.Account), At = view.At }),
        ];

    public Story Of(StoryEntry entry, ViewerContext viewer)
    {
        var row = entry.Row;
        var thread = threadOf(row.Id, viewer.Account);
        var isAuthor = row.Author == viewer.Account;
        return new()
        {
            Id = row.Id,
            Author = accounts.GetPerson(row.Author),
            Kind = row.Kind,
            Caption = row.Caption,
            Text = row.Text,
            Tags = row.Tags,
            Links = row.Links,
            Mentions =
            [
                .. row.Mentioned.Where(number => accounts.Find(number) is not null).Select(number => accounts.GetPerson(number).Handle),
            ],
            Slot = row.Slot,
            Answers = row.Answers,
            Audience =
                row.Audience is null ? Audience.Team
                : isAuthor ? Audience.Of(row.AudienceNames!)
                : Audience.Selected,
            RepliesOn = row.RepliesOn,
            CreatedAt = row.CreatedAt,
            EditedAt = row.EditedAt,
            ExpiresAt = row.KeptIn is null ? row.ExpiresAt : null,
            KeptIn = row.KeptIn,
            Media = row.Media,
            Compare = row.Compare,
            Source = row.Source,
            Viewed = entry.IsSeenBy(viewer.Account),
            Muted = entry.IsMuted(viewer.Muting),
            ViewCount = isAuthor ? entry.Views.Count : null,
            Reactions = thread.Reactions,
            MyReaction = thread.MyReaction,
            ReplyCount = thread.ReplyCount,
            AckCount = thread.AckCount,
            Acked = thread.IsAcked,
            Poll = row.Poll is { } poll ? PollOf(poll, thread) : null,
            Help = row.AsksHelp ? new() { Resolved = !row.HasOpenHelp } : null,
        };
    }

    /// <summary>Views are deleted some time after the expiry, so a count of those left would be wrong: return none.</summary>
    public Story Archived(StoryEntry entry, ViewerContext author) => Of(entry, author) with { ViewCount = null };

    private static StoryPoll PollOf(StoredPoll poll, ThreadSummary thread) =>
        new()
        {
            Question = poll.Question,
            Options =
            [
                .. poll.Options.Select((text, option) => new PollOption { Text = text, Votes = thread.Votes.GetValueOrDefault(option) }),
            ],
            MyVote = thread.MyVote,
            ClosedAt = poll.ClosedAt,
        };
}
