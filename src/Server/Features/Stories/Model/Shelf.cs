using System.Collections.Immutable;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What one account has seen of a shelf.</summary>
/// <param name="Count">Number of stories that it has seen.</param>
/// <param name="Until">Id of the last story before its first unseen one; null when the first story is unseen.</param>
internal readonly record struct SeenOfShelf(int Count, string? Until);

/// <summary>
/// Stories of one author and slot that the same accounts see. Whether an account sees them is decided once, and what the tray says
/// of them is counted when they change, not when somebody asks. Kept, archived and replaced stories stand on no shelf.
/// </summary>
/// <param name="Audience">Which accounts see them, as <see cref="AudienceOf"/> writes it; null for the team.</param>
/// <param name="Rows">The stories by id. They may have expired.</param>
/// <param name="ByExpiry">The same stories, those that expire first before the others.</param>
/// <param name="Help">Those that ask for help, by id.</param>
/// <param name="Live">Those that are live terminals whose command runs, by id.</param>
/// <param name="Tags">How many stories have a tag.</param>
/// <param name="SeenBy">What each account has seen of them. The author counts as having seen all, and is not in it.</param>
internal sealed record Shelf(
    string? Audience,
    SortedTree<StoryRow> Rows,
    SortedTree<StoryRow> ByExpiry,
    SortedTree<StoryRow> Help,
    SortedTree<StoryRow> Live,
    ImmutableDictionary<string, int> Tags,
    ImmutableDictionary<int, SeenOfShelf> SeenBy
)
{
    private static readonly Shelf Empty = new(
        null,
        StoryOrder.NoneById,
        StoryOrder.NoneByExpiry,
        StoryOrder.NoneById,
        StoryOrder.NoneById,
        ImmutableDictionary.Create<string, int>(StringComparer.Ordinal),
        ImmutableDictionary<int, SeenOfShelf>.Empty
    );

    /// <summary>Whether a story stands on a shelf.</summary>
    public static bool Holds(StoryRow row) => row is { KeptIn: null, Archived: false, IsReplacedForAll: false };

    /// <summary>Tells apart the accounts that see a story, and those for whom it is replaced; null for the whole team.</summary>
    public static string? AudienceOf(StoryRow row) =>
        row is { Audience: null, Replaced: false } ? null : $"{Numbers(row.Audience)}-{(row.Replaced ? Numbers(row.ReplacedFor) : "")}";

    /// <summary>A shelf of these stories, which all have the same author, slot and audience.</summary>
    public static Shelf Of(IReadOnlyCollection<StoryEntry> entries)
    {
        StoryRow[] rows = [.. entries.Select(entry => entry.Row)];
        var seen = new Dictionary<int, SeenOfShelf>();
        string? before = null;
        foreach (var entry in entries.OrderBy(entry => entry.Id, StringComparer.Ordinal))
        {
            foreach (var viewer in entry.Viewers)
            {
                var (count, until) = seen.GetValueOrDefault(viewer);
                seen[viewer] = new(count + 1, until == before ? entry.Id : until);
            }
            before = entry.Id;
        }
        return new(
            AudienceOf(rows[0]),
            StoryOrder.ById([.. rows]),
            StoryOrder.ByExpiry([.. rows]),
            StoryOrder.ById([.. rows.Where(row => row.AsksHelp)]),
            StoryOrder.ById([.. rows.Where(row => row.IsLive)]),
            Empty.Tags.AddRange(rows.SelectMany(row => row.Tags).CountBy(tag => tag, StringComparer.Ordinal)),
            seen.ToImmutableDictionary()
        );
    }

    /// <summary>A story that stands for all in what they have in common: author, slot and audience.</summary>
    public StoryRow First => Rows[0];

    /// <summary>Whether an account sees these stories, and no newer one has taken their place for it.</summary>
    public bool IsFor(int account) => Audience is null || (First.IsVisibleTo(account) && !First.IsReplacedFor(account));

    /// <summary>The newest story that is active; there must be one.</summary>
    public StoryRow Newest(DateTimeOffset now)
    {
        var at = Rows.Count - 1;
        while (!Rows[at].IsListed(now))
            at--;
        return Rows[at];
    }

    /// <summary>The oldest active story that an account has not seen; there must be one.</summary>
    public StoryRow OldestUnseen(int account, DateTimeOffset now, ImmutableDictionary<string, StoryEntry> stories)
    {
        var at = FirstUnseen(account);
        while (!Rows[at].IsListed(now) || stories[Rows[at].Id].IsSeenBy(account))
            at++;
        return Rows[at];
    }

    /// <summary>Number of stories that have expired at a time, and are not swept yet.</summary>
    public int CountExpired(DateTimeOffset now) =>
        ByExpiry.CountBefore(now.ToUnixTimeMilliseconds() + 1, static (row, at) => row.ExpiresAt.ToUnixTimeMilliseconds().CompareTo(at));

    /// <summary>Number of active stories that an account has not seen, whatever it has muted.</summary>
    /// <param name="account">Number of the account.</param>
    /// <param name="expired">Number of stories that have expired.</param>
    /// <param name="stories">All stories.</param>
    public int CountUnseen(int account, int expired, ImmutableDictionary<string, StoryEntry> stories)
    {
        if (First.Author == account)
            return 0;
        var active = Rows.Count - expired;
        var seen = SeenBy.GetValueOrDefault(account).Count;
        if (seen == 0 || expired == 0)
            return active - seen;
        // Looks at the shorter part: what has expired since the last sweep, or what is left.
        return expired <= active
            ? active - seen + ByExpiry.Take(expired).Count(row => stories[row.Id].IsSeenBy(account))
            : ByExpiry.From(expired).Count(row => !stories[row.Id].IsSeenBy(account));
    }

    /// <summary>Position of the first story that an account may not have seen: it has seen all before it.</summary>
    public int FirstUnseen(int account) => Rows.CountUntil(SeenBy.GetValueOrDefault(account).Until);

    /// <summary>The shelf with one more story. <paramref name="shelf"/> is null for the first one.</summary>
    public static Shelf With(Shelf? shelf, StoryEntry entry, ImmutableDictionary<string, StoryEntry> stories)
    {
        var row = entry.Row;
        shelf ??= Empty with { Audience = AudienceOf(row) };
        var (rows, at) = (shelf.Rows.Add(row), ~shelf.Rows.IndexOf(row));
        var seen = shelf.SeenBy;
        // Posts at once may commit out of the order of their ids. Then somebody has seen only what stands before this story.
        if (at < rows.Count - 1)
        {
            var before = at == 0 ? null : rows[at - 1].Id;
            foreach (var (viewer, has) in shelf.SeenBy)
                if (has.Until is { } until && string.CompareOrdinal(until, row.Id) > 0 && !entry.Views.Contains(viewer))
                    seen = seen.SetItem(viewer, has with { Until = before });
        }
        var with = shelf with
        {
            Rows = rows,
            ByExpiry = shelf.ByExpiry.Add(row),
            Help = row.AsksHelp ? shelf.Help.Add(row) : shelf.Help,
            Live = row.IsLive ? shelf.Live.Add(row) : shelf.Live,
            Tags = row.Tags.Aggregate(shelf.Tags, (tags, tag) => tags.SetItem(tag, tags.GetValueOrDefault(tag) + 1)),
            SeenBy = seen,
        };
        return entry.Viewers.Aggregate(with, (it, viewer) => it.Seen(viewer, stories));
    }

    /// <summary>The shelf without a story; null when none is left.</summary>
    public Shelf? Without(StoryEntry entry, ImmutableDictionary<string, StoryEntry> stories)
    {
        if (Rows.Count == 1)
            return null;
        var row = entry.Row;
        var at = Rows.IndexOf(row);
        var before = at == 0 ? null : Rows[at - 1].Id;
        var without = this with
        {
            Rows = Rows.Remove(row),
            ByExpiry = ByExpiry.Remove(row),
            Help = row.AsksHelp ? Help.Remove(row) : Help,
            Live = row.IsLive ? Live.Remove(row) : Live,
            Tags = row.Tags.Aggregate(Tags, (tags, tag) => tags[tag] == 1 ? tags.Remove(tag) : tags.SetItem(tag, tags[tag] - 1)),
        };
        var seen = SeenBy.ToBuilder();
        foreach (var viewer in entry.Viewers)
        {
            var has = SeenBy[viewer];
            if (has.Count == 1)
                seen.Remove(viewer);
            else
                seen[viewer] = new(has.Count - 1, has.Until == row.Id ? before : has.Until);
        }
        // For those whose first unseen story it was, another one is the first now.
        foreach (var (viewer, has) in SeenBy)
            if (has.Until == before && !entry.Views.Contains(viewer))
                seen[viewer] = has with { Until = without.LastSeen(viewer, has.Until, stories) };
        return without with { SeenBy = seen.ToImmutable() };
    }

    /// <summary>The shelf after an account has seen one of its stories, as <paramref name="stories"/> says already.</summary>
    public Shelf Seen(int account, ImmutableDictionary<string, StoryEntry> stories)
    {
        var (count, until) = SeenBy.GetValueOrDefault(account);
        return this with { SeenBy = SeenBy.SetItem(account, new(count + 1, LastSeen(account, until, stories))) };
    }

    /// <summary>The shelf after views of one of its stories were deleted.</summary>
    public Shelf Unseen(StoryRow row, IEnumerable<int> accounts)
    {
        var at = Rows.IndexOf(row);
        var before = at == 0 ? null : Rows[at - 1].Id;
        var seen = SeenBy.ToBuilder();
        foreach (var account in accounts)
        {
            var (count, until) = SeenBy[account];
            if (count == 1)
                seen.Remove(account);
            else
                seen[account] = new(count - 1, string.CompareOrdinal(until, row.Id) >= 0 ? before : until);
        }
        return this with { SeenBy = seen.ToImmutable() };
    }

    /// <summary>Id of the last story before the first unseen one, looking on from a story that stands before that.</summary>
    private string? LastSeen(int account, string? from, ImmutableDictionary<string, StoryEntry> stories)
    {
        var next = Rows.CountUntil(from);
        while (next < Rows.Count && stories[Rows[next].Id].Views.Contains(account))
            from = Rows[next++].Id;
        return from;
    }

    private static string Numbers(int[]? accounts) => accounts is null ? "" : string.Join(',', accounts.Order());
}
