using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Mutes;

/// <summary>Mutes of one account at one moment.</summary>
internal sealed record Muting(bool All, IReadOnlySet<int> People, IReadOnlySet<string> Tags)
{
    public static readonly Muting Nothing = new(false, ImmutableHashSet<int>.Empty, ImmutableHashSet<string>.Empty);

    public bool Covers(int author, string[] tags)
    {
        if (CoversAllOf(author))
            return true;
        if (Tags.Count > 0)
            foreach (var tag in tags)
                if (Tags.Contains(tag))
                    return true;
        return false;
    }

    /// <summary>Whether all stories of an author are muted.</summary>
    public bool CoversAllOf(int author) => All || People.Contains(author);

    /// <summary>Whether some stories with these tags are muted.</summary>
    /// <param name="tags">A map whose keys are tags.</param>
    public bool CoversSome(IReadOnlyDictionary<string, int> tags) =>
        Tags.Count > 0 && (tags.Count < Tags.Count ? tags.Keys.Any(Tags.Contains) : Tags.Any(tags.ContainsKey));
}

/// <summary>Owns the rows of mutes. Nobody but the account learns of its mutes.</summary>
internal sealed class MuteStore : IDeletesExpired, IErasesAccounts
{
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly Projection<ImmutableDictionary<int, ImmutableDictionary<string, MuteRow>>> _projection;

    // The mutes of one account, valid until the next of them ends. Every request reads them, and few change them.
    private readonly ConditionalWeakTable<ImmutableDictionary<string, MuteRow>, Period> _periods = [];

    public MuteStore(Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
        _projection = database
            .Project(ImmutableDictionary<int, ImmutableDictionary<string, MuteRow>>.Empty)
            .On(MuteRow.Collection, (mutes, row) => mutes.SetItem(row.Owner, Of(mutes, row.Owner).SetItem(row.Id, row)), Without);
    }

    /// <summary>Mutes of an account that have not ended at a time.</summary>
    public Muting Of(int owner, DateTimeOffset now)
    {
        if (!_projection.Current.TryGetValue(owner, out var rows))
        {
            return Muting.Nothing;
        }
        if (!_periods.TryGetValue(rows, out var period) || now < period.From || now >= period.Until)
        {
            period = PeriodOf(rows, now);
            _periods.AddOrUpdate(rows, period);
        }
        return period.Muting;
    }

    private static Period PeriodOf(ImmutableDictionary<string, MuteRow> rows, DateTimeOffset now)
    {
        var holding = rows.Values.Where(row => row.Holds(now)).ToList();
        return new(
            now,
            holding.Min(row => row.Until) ?? DateTimeOffset.MaxValue,
            new(
                holding.Exists(row => row is { Person: null, Tag: null }),
                holding.Select(row => row.Person).OfType<int>().ToHashSet(),
                holding.Select(row => row.Tag).OfType<string>().ToHashSet(StringComparer.Ordinal)
            )
        );
    }

    /// <summary>Rows of these mutes, in no particular order.</summary>
    public IReadOnlyList<MuteRow> ListOf(int owner, DateTimeOffset now) =>
        _projection.Current.TryGetValue(owner, out var rows) ? [.. rows.Values.Where(row => row.Holds(now))] : [];

    /// <exception cref="ApiProblem"><c>invalid_request</c> when the account mutes too many tags.</exception>
    public Task PutAsync(MuteRow mute, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var now = _time.GetUtcNow();
                var rows = Of(_projection.Pending, mute.Owner);
                foreach (var over in rows.Values.Where(row => !row.Holds(now)))
                {
                    batch.Delete(MuteRow.Collection, over);
                }
                rows = Of(_projection.Pending, mute.Owner);
                if (
                    mute.Tag is not null
                    && !rows.ContainsKey(mute.Id)
                    && rows.Values.Count(row => row.Tag is not null) is var tags
                    && tags >= Limits.MutedTags
                )
                {
                    throw ApiProblem.Invalid(
                        "tag",
                        $"would be one too many: you have muted {tags} tags, and the limit is {Limits.MutedTags}"
                    );
                }
                batch.Put(MuteRow.Collection, mute);
                return true;
            },
            cancel
        );

    /// <summary>Removes a mute, if it exists.</summary>
    /// <param name="mute">The mute, whatever its end.</param>
    /// <param name="cancel">Cancels only while the change waits for its turn.</param>
    public Task DeleteAsync(MuteRow mute, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                if (Of(_projection.Pending, mute.Owner).TryGetValue(mute.Id, out var row))
                {
                    batch.Delete(MuteRow.Collection, row);
                }
                return true;
            },
            cancel
        );

    public Task DeleteExpiredAsync(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return _database.ForEachInCommitsAsync(
            _projection.Current.Values.SelectMany(rows => rows.Values).Where(row => !row.Holds(now)).ToList(),
            (batch, over) =>
            {
                if (Of(_projection.Pending, over.Owner).TryGetValue(over.Id, out var row) && !row.Holds(now))
                {
                    batch.Delete(MuteRow.Collection, row);
                }
            },
            cancel
        );
    }

    /// <summary>Deletes an account's mutes, and mutes of the account.</summary>
    public Task EraseAsync(int account, string handle) =>
        _database.CommitAsync(batch =>
        {
            foreach (
                var row in _projection
                    .Pending.Values.SelectMany(rows => rows.Values)
                    .Where(row => row.Owner == account || row.Person == account)
                    .ToList()
            )
            {
                batch.Delete(MuteRow.Collection, row);
            }
            return true;
        });

    /// <summary>What is muted from a time until before another.</summary>
    private sealed record Period(DateTimeOffset From, DateTimeOffset Until, Muting Muting);

    private static ImmutableDictionary<string, MuteRow> Of(
        ImmutableDictionary<int, ImmutableDictionary<string, MuteRow>> mutes,
        int owner
    ) => mutes.GetValueOrDefault(owner, ImmutableDictionary.Create<string, MuteRow>(StringComparer.Ordinal));

    private static ImmutableDictionary<int, ImmutableDictionary<string, MuteRow>> Without(
        ImmutableDictionary<int, ImmutableDictionary<string, MuteRow>> mutes,
        MuteRow row
    ) => Of(mutes, row.Owner).Remove(row.Id) is { IsEmpty: false } left ? mutes.SetItem(row.Owner, left) : mutes.Remove(row.Owner);
}
