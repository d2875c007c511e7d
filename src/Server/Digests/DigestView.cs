using StoriesCli.Contracts;
using StoriesCli.Server.Accounts;
using StoriesCli.Server.Conversation;
using StoriesCli.Server.Mutes;
using StoriesCli.Server.Questions;
using StoriesCli.Server.Stories;

namespace StoriesCli.Server.Digests;

/// <summary>Makes a digest out of the read model, as one account may see it at that moment: no commit waits for it.</summary>
internal sealed class DigestView(StoryLists lists, StoryStore stories, ThreadStore threads, QuestionStore questions, AccountStore accounts, MuteStore mutes)
{
    public Digest Of(int viewer, DateTimeOffset since, DateTimeOffset now)
    {
        var muting = mutes.Of(viewer);
        var seen = lists.Matching(viewer, new StoryFilter { Since = since, Limit = Limits.DigestItems }).Where(entry => !IsMuted(entry, viewer, muting)).ToList();
        var (posted, morePosted) = Cut(seen);
        var (kept, moreKept) = Cut(lists.KeptSince(viewer, since).Where(entry => !IsMuted(entry, viewer, muting)));
        var (own, moreOwn) = Cut(seen.Where(entry => entry.Row.Author == viewer));
        var (replies, moreReplies) = Cut(RepliesSince(viewer, since, muting));
        var (asked, moreAsked) = Cut(Asked(viewer, seen, since, now, muting).OrderByDescending(it => it.CreatedAt).ThenByDescending(it => it.Id, StringComparer.Ordinal));
        return new()
        {
            Since = since,
            At = now,
            Posted = new() { Items = [.. posted.Select(Line)], LeftOut = morePosted },
            Answered = new() { Items = [.. replies], LeftOut = moreReplies },
            Kept = new() { Items = [.. kept.Select(Line)], LeftOut = moreKept },
            Asked = new() { Items = [.. asked], LeftOut = moreAsked },
            NotSeen = new() { Items = [.. own.Select(NotSeen)], LeftOut = moreOwn },
        };
    }

    // One's own is never muted.
    private static bool IsMuted(StoryEntry entry, int viewer, Muting muting) => entry.Row.Author != viewer && entry.IsMuted(muting);

    private DigestStory Line(StoryEntry entry) => new()
    {
        Id = entry.Row.Id,
        Author = accounts.GetPerson(entry.Row.Author),
        Kind = entry.Row.Kind,
        Title = Short(entry.Row.Caption ?? entry.Row.Text ?? entry.Row.Media.FileName ?? ""),
        CreatedAt = entry.Row.CreatedAt,
        KeptIn = entry.Row.KeptIn,
        Status = entry.Row.Source?.Status,
        ReplyCount = threads.Of(entry.Row.Id).Replies.Count,
    };

    private IEnumerable<DigestReply> RepliesSince(int viewer, DateTimeOffset since, Muting muting) => threads.RepliesSince(since)
        .Where(reply => stories.MayReadThread(viewer, reply.Story) && (reply.Writer == viewer || !muting.Covers(reply.Writer, [])))
        .Select(reply => (Reply: reply, Story: stories.FindVisible(viewer, reply.Story)))
        .Where(it => it.Story is null || !IsMuted(it.Story, viewer, muting))
        .Select(it => new DigestReply
        {
            Id = it.Reply.Id,
            StoryId = it.Reply.Story,
            Story = it.Story is { } story ? Line(story) : null,
            Author = accounts.GetPerson(it.Reply.Writer),
            Text = Short(it.Reply.Text),
            CreatedAt = it.Reply.At,
        });

    private IEnumerable<DigestQuestion> Asked(int viewer, IEnumerable<StoryEntry> seen, DateTimeOffset since, DateTimeOffset now, Muting muting)
    {
        foreach (var entry in seen.Where(entry => entry.Row.AsksHelp || entry.Row.Poll is not null))
        {
            var line = Line(entry);
            if (entry.Row.AsksHelp)
            {
                yield return new() { Kind = "help", Id = line.Id, Author = line.Author, Text = line.Title, CreatedAt = line.CreatedAt, Open = entry.Row.HasOpenHelp };
            }
            if (entry.Row.Poll is { } poll)
            {
                var votes = threads.Of(line.Id).VoteOf.Values.ToLookup(option => option);
                PollOption[] options = [.. poll.Options.Select((text, option) => new PollOption { Text = CleanText.OneLine(text), Votes = votes[option].Count() })];
                yield return new() { Kind = "poll", Id = line.Id, Author = line.Author, Text = Short(poll.Question), CreatedAt = line.CreatedAt, Open = poll.ClosedAt is null, Options = options };
            }
        }
        foreach (var question in questions.Since(since).Where(question => question.Asker == viewer || !muting.Covers(question.Asker, [])))
        {
            yield return new()
            {
                Kind = "question",
                Id = question.Id,
                Author = accounts.GetPerson(question.Asker),
                Text = Short(question.Text),
                CreatedAt = question.At,
                Open = question.At + Limits.QuestionLife > now,
            };
        }
    }

    /// <summary>Who looks privately stands among those who are not known to have looked, or leaving them out would name them.</summary>
    private DigestAudience NotSeen(StoryEntry entry)
    {
        var people = accounts.Active()
            .Where(account => account.Role != Roles.Bot && account.Number != entry.Row.Author && entry.Row.IsVisibleTo(account.Number))
            .Where(account => !entry.Views.ContainsKey(account.Number) || entry.Private.Contains(account.Number)).ToList();
        var (named, more) = Cut(people);
        return new() { Story = Line(entry), People = [.. named.Select(account => account.ToPerson())], LeftOut = more, PrivateCount = people.Count(account => entry.Private.Contains(account.Number)) };
    }

    private static (List<T> Items, int LeftOut) Cut<T>(IEnumerable<T> all)
    {
        var list = all.ToList();
        return (list.GetRange(0, Math.Min(list.Count, Limits.DigestItems)), Math.Max(0, list.Count - Limits.DigestItems));
    }

    /// <summary>On one line, without colours, and not long.</summary>
    private static string Short(string text)
    {
        var runes = CleanText.OneLine(text).Trim().EnumerateRunes().Take(Limits.DigestCharacters + 1).ToList();
        return string.Concat(runes.Take(Limits.DigestCharacters - (runes.Count > Limits.DigestCharacters ? 1 : 0))) + (runes.Count > Limits.DigestCharacters ? "…" : "");
    }
}
