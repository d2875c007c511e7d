using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Mutes;

/// <summary>What one account has muted at one moment.</summary>
internal sealed record Muting(bool All, IReadOnlySet<int> People, IReadOnlySet<string> Tags)
{
    public static readonly Muting Nothing = new(false, ImmutableHashSet<int>.Empty, ImmutableHashSet<string>.Empty);

    public bool Covers(int author, IReadOnlyCollection<string> tags) => All || People.Contains(author) || (Tags.Count > 0 && tags.Any(Tags.Contains));
}

/// <summary>Owns the rows of mutes: what each account does not want to be told of. Nobody else learns of them.</summary>
internal sealed class MuteStore : IForgets
{
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly Slice<ImmutableDictionary<int, ImmutableDictionary<string, MuteRow>>> _slice;

    public MuteStore(Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
        database.Register(MuteRow.Collection);
        _slice = database.AddSlice(rows => rows.All(MuteRow.Collection).GroupBy(row => row.Owner).ToImmutableDictionary(g => g.Key, g => g.ToImmutableDictionary(row => row.Id, StringComparer.Ordinal)));
    }

    /// <summary>What an account has muted now: what was muted until an instant is not from that instant on.</summary>
    public Muting Of(int owner)
    {
        var holding = ListOf(owner);
        return holding.Count == 0 ? Muting.Nothing : new(
            holding.Any(row => row is { Person: null, Tag: null }),
            holding.Select(row => row.Person).OfType<int>().ToHashSet(),
            holding.Select(row => row.Tag).OfType<string>().ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>The rows of what an account has muted now, in no order.</summary>
    public IReadOnlyList<MuteRow> ListOf(int owner)
    {
        if (!_slice.Current.TryGetValue(owner, out var rows))
        {
            return [];
        }
        var now = _time.GetUtcNow();
        return [.. rows.Values.Where(row => row.Holds(now))];
    }

    /// <exception cref="Failure"><c>invalid_request</c> when it is one tag too many.</exception>
    public Task PutAsync(MuteRow mute, CancellationToken cancel) => _database.CommitAsync(changes =>
    {
        var now = _time.GetUtcNow();
        var rows = Pending(mute.Owner);
        foreach (var over in rows.Values.Where(row => !row.Holds(now)))
        {
            changes.Delete(MuteRow.Collection, over.Id);
            rows = rows.Remove(over.Id);
        }
        if (mute.Tag is not null && !rows.ContainsKey(mute.Id) && rows.Values.Count(row => row.Tag is not null) is var tags && tags >= Limits.MutedTags)
        {
            throw Failure.Invalid("tag", $"would be one too many: you have muted {tags} tags, and the limit is {Limits.MutedTags}");
        }
        changes.Put(MuteRow.Collection, mute);
        SetPending(mute.Owner, rows.SetItem(mute.Id, mute));
        return true;
    }, cancel);

    /// <summary>Takes a mute away, if there is one.</summary>
    /// <param name="mute">Whatever its end.</param>
    /// <param name="cancel">Gives up only while the change waits for its turn.</param>
    public Task DeleteAsync(MuteRow mute, CancellationToken cancel) => _database.CommitAsync(changes =>
    {
        if (Pending(mute.Owner) is var rows && rows.ContainsKey(mute.Id))
        {
            changes.Delete(MuteRow.Collection, mute.Id);
            SetPending(mute.Owner, rows.Remove(mute.Id));
        }
        return true;
    }, cancel);

    public Task ForgetOverAsync(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return _database.ForgetAsync(
            _slice.Current.Values.SelectMany(rows => rows.Values).Where(row => !row.Holds(now)).ToList(),
            (changes, over) =>
            {
                if (Pending(over.Owner) is var rows && rows.TryGetValue(over.Id, out var row) && !row.Holds(now))
                {
                    changes.Delete(MuteRow.Collection, row.Id);
                    SetPending(row.Owner, rows.Remove(row.Id));
                }
            },
            cancel);
    }

    /// <summary>Removes what an account has muted, and the account from what others have.</summary>
    public Task ForgetAsync(int account) => _database.CommitAsync(changes =>
    {
        foreach (var row in _slice.Pending.Values.SelectMany(rows => rows.Values).Where(row => row.Owner == account || row.Person == account).ToList())
        {
            changes.Delete(MuteRow.Collection, row.Id);
            SetPending(row.Owner, Pending(row.Owner).Remove(row.Id));
        }
        return true;
    });

    private ImmutableDictionary<string, MuteRow> Pending(int owner) => _slice.Pending.GetValueOrDefault(owner, ImmutableDictionary.Create<string, MuteRow>(StringComparer.Ordinal));

    private void SetPending(int owner, ImmutableDictionary<string, MuteRow> rows) => _slice.Pending = rows.IsEmpty ? _slice.Pending.Remove(owner) : _slice.Pending.SetItem(owner, rows);
}
