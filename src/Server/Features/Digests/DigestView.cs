using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Conversation;
using StoriesCli.Server.Features.Questions;
using StoriesCli.Server.Features.Stories;

namespace StoriesCli.Server.Features.Digests;

/// <summary>Makes a digest from the read model, as one account may see it now. No commit waits for it.</summary>
internal sealed class DigestView(
    StoryLists lists,
    StoryStore stories,
    ThreadStore threads,
    QuestionStore questions,
    AccountStore accounts,
    StoryScanner scans
)
{
    /// <param name="viewer">The account, and the end of the period.</param>
    /// <param name="since">Start of the period.</param>
    /// <param name="cancel">Cancels the search.</param>
    public async Task<Digest> OfAsync(ViewerContext viewer, DateTimeOffset since, CancellationToken cancel)
    {
        bool IsTold(StoryEntry entry) => !IsMuted(entry, viewer);
        var seen = await lists
            .MatchingAsync(viewer, new() { Since = since, Limit = Limits.DigestItems }, IsTold, int.MaxValue, cancel)
            .ConfigureAwait(false);
        var keptSince = await scans.FindAsync(StoryLists.KeptSince(viewer, since), IsTold, int.MaxValue, cancel).ConfigureAwait(false);
        var repliesSince = await scans
            .FindAsync(threads.RepliesSince(since), reply => IsRead(reply.Story, reply.Writer, viewer), int.MaxValue, cancel)
            .ConfigureAwait(false);
        var asks = Asks(viewer, seen, since).OrderByDescending(it => it.At).ThenByDescending(it => it.Id, StringComparer.Ordinal);
        var (posted, morePosted) = Cut(seen);
        var (kept, moreKept) = Cut(keptSince);
        var (own, moreOwn) = Cut(seen.Where(entry => entry.Author == viewer.Account));
        var (replies, moreReplies) = Cut(repliesSince);
        var (asked, moreAsked) = Cut(asks);
        return new()
        {
            Since = since,
            At = viewer.Now,
            Posted = new() { Items = [.. posted.Select(Line)], LeftOut = morePosted },
            Answered = new()
            {
                Items =
                [
                    .. replies.Select(reply => new DigestReply
                    {
                        Id = reply.Id,
                        StoryId = reply.Story,
                        Story = viewer.Find(reply.Story) is { } story ? Line(story) : null,
                        Author = accounts.GetPerson(reply.Writer),
                        Text = Short(reply.Text),
                        CreatedAt = reply.At,
                    }),
                ],
                LeftOut = moreReplies,
            },
            Kept = new() { Items = [.. kept.Select(Line)], LeftOut = moreKept },
            Asked = new() { Items = [.. asked.Select(it => it.Show(viewer.Now))], LeftOut = moreAsked },
            NotSeen = new() { Items = [.. own.Select(NotSeen)], LeftOut = moreOwn },
        };
    }

    // An account's own stories are never muted for it.
    private static bool IsMuted(StoryEntry entry, ViewerContext viewer) => entry.Author != viewer.Account && entry.IsMuted(viewer.Muting);

    private DigestStory Line(StoryEntry entry) =>
        new()
        {
            Id = entry.Id,
            Author = accounts.GetPerson(entry.Author),
            Kind = entry.Kind,
            Title = Short(entry.Caption ?? entry.Text ?? entry.Media.FileName ?? ""),
            CreatedAt = entry.CreatedAt,
            KeptIn = entry.KeptIn,
            Status = entry.Source?.Status,
            ReplyCount = threads.ReplyCount(entry.Id),
        };

    private bool IsRead(string story, int writer, ViewerContext viewer) =>
        stories.MayReadThread(viewer.Account, story)
        && (writer == viewer.Account || !viewer.Muting.Covers(writer, []))
        && (viewer.Find(story) is not { } visible || !IsMuted(visible, viewer));

    /// <summary>Help requests, polls and questions. Each is rendered only if there is room for it.</summary>
    private IEnumerable<(DateTimeOffset At, string Id, Func<DateTimeOffset, DigestQuestion> Show)> Asks(
        ViewerContext viewer,
        IEnumerable<StoryEntry> seen,
        DateTimeOffset since
    )
    {
        foreach (var entry in seen)
        {
            if (entry.AsksHelp)
            {
                yield return (entry.CreatedAt, entry.Id, _ => ShowHelp(entry));
            }
            if (entry.Poll is { } poll)
            {
                yield return (entry.CreatedAt, entry.Id, _ => ShowPoll(entry, poll));
            }
        }
        foreach (
            var question in questions
                .Since(since)
                .Where(question => question.Asker == viewer.Account || !viewer.Muting.Covers(question.Asker, []))
        )
        {
            yield return (
                question.At,
                question.Id,
                now => new DigestQuestion
                {
                    Kind = "question",
                    Id = question.Id,
                    Author = accounts.GetPerson(question.Asker),
                    Text = Short(question.Text),
                    CreatedAt = question.At,
                    Open = question.At + Limits.QuestionLife > now,
                }
            );
        }
    }

    private DigestQuestion ShowHelp(StoryEntry entry)
    {
        var line = Line(entry);
        return new()
        {
            Kind = "help",
            Id = line.Id,
            Author = line.Author,
            Text = line.Title,
            CreatedAt = line.CreatedAt,
            Open = entry.HasOpenHelp,
        };
    }

    private DigestQuestion ShowPoll(StoryEntry entry, StoredPoll poll)
    {
        var line = Line(entry);
        var votes = threads.VotesOf(line.Id).ToLookup(option => option);
        PollOption[] options =
        [
            .. poll.Options.Select((text, option) => new PollOption { Text = CleanText.OneLine(text), Votes = votes[option].Count() }),
        ];
        return new()
        {
            Kind = "poll",
            Id = line.Id,
            Author = line.Author,
            Text = Short(poll.Question),
            CreatedAt = line.CreatedAt,
            Open = poll.ClosedAt is null,
            Options = options,
        };
    }

    /// <summary>Private viewers stay among those not known to have seen it, because leaving them out would reveal them.</summary>
    private DigestAudience NotSeen(StoryEntry entry)
    {
        var subject = entry.Subject;
        var people = accounts
            .Active()
            .Where(account => account.Role != Roles.Bot && account.Number != entry.Author && subject.IsVisibleTo(account.Number))
            .Where(account => !entry.Views.Contains(account.Number) || entry.Views.IsPrivate(account.Number))
            .ToList();
        var (named, more) = Cut(people);
        return new()
        {
            Story = Line(entry),
            People = [.. named.Select(account => account.ToPerson())],
            LeftOut = more,
            PrivateCount = people.Count(account => entry.Views.IsPrivate(account.Number)),
        };
    }

    private static (List<T> Items, int LeftOut) Cut<T>(IEnumerable<T> all)
    {
        var list = all.ToList();
        return (list.GetRange(0, Math.Min(list.Count, Limits.DigestItems)), Math.Max(0, list.Count - Limits.DigestItems));
    }

    /// <summary>On one line, without colours, and shortened.</summary>
    private static string Short(string text)
    {
        var runes = CleanText.OneLine(text).Trim().EnumerateRunes().Take(Limits.DigestCharacters + 1).ToList();
        return string.Concat(runes.Take(Limits.DigestCharacters - (runes.Count > Limits.DigestCharacters ? 1 : 0)))
            + (runes.Count > Limits.DigestCharacters ? "…" : "");
    }
}
