using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What the clock ends: stories, archived ones, and what is remembered of those that are gone.</summary>
internal sealed partial class StoryStore : IDeletesExpired
{
    /// <summary>Turns what has expired into tombstones, or puts it into its author's archive.</summary>
    /// <param name="until">Up to when expiries are announced: what is buried cannot be any more.</param>
    /// <param name="maximum">How many rows at the most, so that posts do not wait long behind it.</param>
    /// <param name="cancel">Gives up only while the change waits for its turn.</param>
    /// <returns>The ids whose files must go, and whether there may be more to do.</returns>
    public async Task<(IReadOnlyList<string> Gone, bool More)> SweepAsync(DateTimeOffset until, int maximum, CancellationToken cancel)
    {
        var expired = _projection
            .Current.Expiries.TakeWhile(e => e.At <= until.ToUnixTimeMilliseconds())
            .Take(maximum)
            .Select(e => e.Id)
            .ToList();
        return expired.Count == 0 ? ([], false) : (await EndAsync(expired, until, cancel).ConfigureAwait(false), expired.Count == maximum);
    }

    /// <summary>The ids of archived stories that their author's archive lets go of, found in one look.</summary>
    public IReadOnlyList<string> FindReleased()
    {
        var now = _time.GetUtcNow();
        var model = _projection.Current;
        return [.. model.Archived.Where(a => !IsArchived(model.ById[a.Id].Row, now)).Select(a => a.Id)];
    }

    /// <summary>Ends what has expired: buries it, or archives it.</summary>
    /// <returns>The ids whose files must go.</returns>
    public Task<List<string>> EndAsync(IReadOnlyCollection<string> expired, DateTimeOffset until, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var now = _time.GetUtcNow();
                var gone = new List<string>();
                foreach (var id in expired)
                {
                    // Meanwhile it may have been deleted, or its author may have given it a longer life.
                    if (!_projection.Pending.ById.TryGetValue(id, out var entry) || !entry.Row.IsExpired(until))
                    {
                        continue;
                    }
                    if (!IsArchived(entry.Row, now))
                    {
                        Bury(batch, entry.Row, TombstoneRow.Expired, entry.Row.ExpiresAt);
                        gone.Add(id);
                    }
                    else if (!entry.Row.Archived)
                    {
                        Archive(batch, entry.Row);
                    }
                }
                return gone;
            },
            cancel
        );

    /// <summary>Forgets the tombstones that nobody is shown any more, and the receipts with them.</summary>
    public Task DeleteExpiredAsync(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return _database.ForEachInCommitsAsync(
            _projection
                .Current.Tombstones.Values.Where(t => t.At + Limits.TombstoneLife <= now && t.GoneAt + Limits.ReceiptLife <= now)
                .ToList(),
            (batch, over) =>
            {
                if (_projection.Pending.Tombstones.ContainsKey(over.Id))
                {
                    batch.Delete(TombstoneRow.Collection, over);
                }
            },
            cancel
        );
    }
}
