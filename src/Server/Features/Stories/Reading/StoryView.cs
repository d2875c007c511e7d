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

    /// <summary>Changes whenever a person's name may have changed.</summary>
    public object People => accounts.People;

    public ThreadSummary ThreadOf(StoryRow row, int viewer) => threadOf(row.Id, viewer);

    public Story Of(StoryEntry entry, ViewerContext viewer)
    {
        var row = entry.Row;
        var thread = ThreadOf(row, viewer.Account);
        var isAuthor = row.Author == viewer.Account;
        return ForAnybody(row) with
        {
            Audience =
                row.Audience is null ? Audience.Team
                : isAuthor ? Audience.Of(row.AudienceNames!)
                : Audience.Selected,
            Viewed = entry.IsSeenBy(viewer.Account),
            Muted = entry.IsMuted(viewer.Muting),
            ViewCount = isAuthor ? entry.Views.Count : null,
            Reactions = thread.Reactions,
            MyReaction = thread.MyReaction,
            ReplyCount = thread.ReplyCount,
            AckCount = thread.AckCount,
            Acked = thread.IsAcked,
            Poll = PollOf(row, thread),
        };
    }

    /// <summary>The part of a story that looks the same to everybody who sees it, except its author.</summary>
    public Story ForAnybody(StoryRow row) =>
        new()
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
            Audience = row.Audience is null ? Audience.Team : Audience.Selected,
            RepliesOn = row.RepliesOn,
            CreatedAt = row.CreatedAt,
            EditedAt = row.EditedAt,
            ExpiresAt = row.KeptIn is null ? row.ExpiresAt : null,
            KeptIn = row.KeptIn,
            Media = row.Media,
            Compare = row.Compare,
            Source = row.Source,
            Help = row.AsksHelp ? new() { Resolved = !row.HasOpenHelp } : null,
            Live = row.IsLive,
            Broken = row.Broadcast is { State: StoredBroadcast.Broken },
        };

    /// <summary>Views are deleted some time after the expiry, so a count of those left would be wrong: return none.</summary>
    public Story Archived(StoryEntry entry, ViewerContext author) => Of(entry, author) with { ViewCount = null };

    /// <summary>A story's poll with the votes for it; null when it has none.</summary>
    public static StoryPoll? PollOf(StoryRow row, ThreadSummary thread) =>
        row.Poll is not { } poll
            ? null
            : new()
            {
                Question = poll.Question,
                Options =
                [
                    .. poll.Options.Select(
                        (text, option) => new PollOption { Text = text, Votes = thread.Votes.GetValueOrDefault(option) }
                    ),
                ],
                MyVote = thread.MyVote,
                ClosedAt = poll.ClosedAt,
            };
}
