using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>The conversation of one story: replies, oldest first, and the viewers' reactions, votes and acknowledgements.</summary>
internal sealed record StoryThread(
    ImmutableList<ReplyRow> Replies,
    ImmutableDictionary<int, string> ReactionOf,
    ImmutableDictionary<int, DateTimeOffset> AckedAt,
    ImmutableDictionary<int, int> VoteOf
)
{
    public static readonly StoryThread Empty = new(
        [],
        ImmutableDictionary<int, string>.Empty,
        ImmutableDictionary<int, DateTimeOffset>.Empty,
        ImmutableDictionary<int, int>.Empty
    );

    private static readonly Dictionary<string, int> NoReactions = [];
    private static readonly Dictionary<int, int> NoVotes = [];
    private static readonly Comparer<ReplyRow> ById = Comparer<ReplyRow>.Create((a, b) => string.CompareOrdinal(a.Id, b.Id));

    public bool IsEmpty => Replies.IsEmpty && ReactionOf.IsEmpty && AckedAt.IsEmpty && VoteOf.IsEmpty;

    /// <summary>Whether an account has anything in this thread.</summary>
    public bool IsTouchedBy(int account) =>
        ReactionOf.ContainsKey(account)
        || AckedAt.ContainsKey(account)
        || VoteOf.ContainsKey(account)
        || Replies.Exists(r => r.Writer == account);

    /// <summary>How often each emoji was chosen, in the order of <see cref="Reactions.Emoji"/>.</summary>
    public IReadOnlyDictionary<string, int> Counts =>
        ReactionOf.IsEmpty
            ? NoReactions
            : Reactions
                .Emoji.Select(emoji => (Emoji: emoji, Count: ReactionOf.Values.Count(chosen => chosen == emoji)))
                .Where(c => c.Count > 0)
                .ToDictionary(c => c.Emoji, c => c.Count);

    public ThreadSummary Summarize(int viewer) =>
        new(
            Counts,
            ReactionOf.GetValueOrDefault(viewer),
            Replies.Count,
            AckedAt.Count,
            AckedAt.ContainsKey(viewer),
            VoteOf.IsEmpty ? NoVotes : VoteOf.Values.CountBy(option => option).ToDictionary(),
            VoteOf.TryGetValue(viewer, out var mine) ? mine : null
        );

    public ReplyRow? Find(string id) => PlaceOf(id) is >= 0 and var place ? Replies[place] : null;

    /// <summary>Replies after the one with this id, which may be deleted; all of them for null.</summary>
    public IEnumerable<ReplyRow> After(string? id)
    {
        var place = id is null ? -1 : PlaceOf(id);
        return Replies.Skip(place < 0 && id is not null ? ~place : place + 1);
    }

    public StoryThread With(ReplyRow reply) => this with { Replies = Replies.Insert(~PlaceOf(reply.Id), reply) };

    public StoryThread Without(ReplyRow reply) => this with { Replies = Replies.RemoveAt(PlaceOf(reply.Id)) };

    private int PlaceOf(string id) => Replies.BinarySearch(new(id, "", 0, "", default), ById);
}

/// <summary>All threads in memory, including those of expired stories that are still readable.</summary>
internal sealed record ThreadModel(
    ImmutableDictionary<string, StoryThread> ByStory,
    ImmutableDictionary<int, long> BytesByWriter,
    long Bytes
)
{
    public static readonly ThreadModel Empty = new(
        ImmutableDictionary.Create<string, StoryThread>(IdComparer.Instance),
        ImmutableDictionary<int, long>.Empty,
        0
    );

    /// <summary>The model of rows in the database. Replies come in the order of their ids.</summary>
    public static ThreadModel Of(
        IEnumerable<ReplyRow> replies,
        IEnumerable<ReactionRow> reactions,
        IEnumerable<AckRow> acks,
        IEnumerable<VoteRow> votes
    )
    {
        var votesOf = votes.ToLookup(v => v.Story, StringComparer.Ordinal);
        var acksOf = acks.ToLookup(a => a.Story, StringComparer.Ordinal);
        var reactionsOf = reactions.ToLookup(r => r.Story, StringComparer.Ordinal);
        var all = replies.ToList();
        var repliesOf = all.ToLookup(r => r.Story, StringComparer.Ordinal);
        var stories = repliesOf
            .Select(g => g.Key)
            .Concat(reactionsOf.Select(g => g.Key))
            .Concat(acksOf.Select(g => g.Key))
            .Concat(votesOf.Select(g => g.Key))
            .Distinct(StringComparer.Ordinal);
        return new(
            Empty.ByStory.AddRange(
                stories.Select(id =>
                    KeyValuePair.Create(
                        id,
                        new StoryThread(
                            [.. repliesOf[id].OrderBy(r => r.Id, StringComparer.Ordinal)],
                            reactionsOf[id].ToImmutableDictionary(r => r.Viewer, r => r.Emoji),
                            acksOf[id].ToImmutableDictionary(a => a.Viewer, a => a.At),
                            votesOf[id].ToImmutableDictionary(v => v.Viewer, v => v.Option)
                        )
                    )
                )
            ),
            all.GroupBy(r => r.Writer).ToImmutableDictionary(g => g.Key, g => g.Sum(r => (long)r.Bytes)),
            all.Sum(r => (long)r.Bytes)
        );
    }

    public StoryThread Of(string story) => ByStory.GetValueOrDefault(story, StoryThread.Empty);

    public ThreadModel Add(ReplyRow reply) => Remove(reply).Insert(reply);

    private ThreadModel Insert(ReplyRow reply) => With(reply.Story, Of(reply.Story).With(reply)).Count(reply.Writer, reply.Bytes);

    public ThreadModel Remove(ReplyRow reply) =>
        Of(reply.Story).Find(reply.Id) is { } before
            ? With(before.Story, Of(before.Story).Without(before)).Count(before.Writer, -before.Bytes)
            : this;

    /// <param name="story">Id of the story.</param>
    /// <param name="viewer">Number of the account that reacts.</param>
    /// <param name="emoji">The emoji; null removes the reaction.</param>
    public ThreadModel React(string story, int viewer, string? emoji)
    {
        var thread = Of(story);
        return With(
            story,
            thread with
            {
                ReactionOf = emoji is null ? thread.ReactionOf.Remove(viewer) : thread.ReactionOf.SetItem(viewer, emoji),
            }
        );
    }

    /// <param name="story">Id of the story.</param>
    /// <param name="viewer">Number of the account that acknowledges.</param>
    /// <param name="at">When; null removes the acknowledgement.</param>
    public ThreadModel Ack(string story, int viewer, DateTimeOffset? at)
    {
        var thread = Of(story);
        return With(story, thread with { AckedAt = at is { } when ? thread.AckedAt.SetItem(viewer, when) : thread.AckedAt.Remove(viewer) });
    }

    /// <param name="story">Id of the story.</param>
    /// <param name="viewer">Number of the account that votes.</param>
    /// <param name="option">Index of the option; null removes the vote.</param>
    public ThreadModel Vote(string story, int viewer, int? option)
    {
        var thread = Of(story);
        return With(
            story,
            thread with
            {
                VoteOf = option is { } chosen ? thread.VoteOf.SetItem(viewer, chosen) : thread.VoteOf.Remove(viewer),
            }
        );
    }

    private ThreadModel With(string story, StoryThread thread) =>
        this with
        {
            ByStory = thread.IsEmpty ? ByStory.Remove(story) : ByStory.SetItem(story, thread),
        };

    private ThreadModel Count(int writer, long bytes)
    {
        var left = BytesByWriter.GetValueOrDefault(writer) + bytes;
        return this with
        {
            BytesByWriter = left == 0 ? BytesByWriter.Remove(writer) : BytesByWriter.SetItem(writer, left),
            Bytes = Bytes + bytes,
        };
    }
}
