using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What accounts have in all stories, in numbers and by name.</summary>
internal sealed partial class StoryStore
{
    /// <summary>How many stories are on the disk, by author.</summary>
    public IReadOnlyDictionary<int, int> CountByAuthor() =>
        _projection.Current.ById.Values.GroupBy(e => e.Row.Author).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Stories on the disk and the bytes of their media, by kind.</summary>
    public IReadOnlyList<(string Kind, int Count, long Bytes)> TotalsByKind() =>
        [
            .. _projection
                .Current.ById.Values.GroupBy(e => e.Row.Kind)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => (g.Key, g.Count(), g.Sum(e => e.Row.Bytes))),
        ];

    /// <summary>Buries what an account that ends has posted, active, expired and not swept yet, or archived.</summary>
    /// <param name="author">Number of an account that can post no more.</param>
    /// <param name="maximum">How many at the most, so that posts do not wait long behind it.</param>
    /// <returns>The ids whose files must go; none when there is nothing left.</returns>
    public Task<List<string>> BuryOfAsync(int author, int maximum) =>
        _database.CommitAsync(batch =>
        {
            var now = _time.GetUtcNow();
            var rows = _projection.Pending.ById.Values.Select(e => e.Row).Where(row => row.Author == author).Take(maximum).ToList();
            foreach (var row in rows)
            {
                var isOver = row.IsExpired(now);
                Bury(batch, row, isOver ? TombstoneRow.Expired : TombstoneRow.Deleted, isOver ? row.ExpiresAt : now);
                if (!isOver)
                {
                    batch.Raise(new StoryRemoved(row.Subject, now));
                }
            }
            return rows.ConvertAll(row => row.Id);
        });

    /// <summary>Takes the number of an account out of the stories of others, of their viewers, and of tombstones. Threads of its own stories end.</summary>
    public async Task EraseNumberAsync(int account)
    {
        var model = _projection.Current;
        await _database
            .ForEachInCommitsAsync(
                model.ById.Values.Where(e => e.Views.ContainsKey(account) || e.Row.Names(account)).Select(e => e.Id),
                (batch, id) =>
                {
                    if (!_projection.Pending.ById.TryGetValue(id, out var entry))
                    {
                        return;
                    }
                    if (entry.Row.Names(account))
                    {
                        batch.Put(StoryRow.Collection, entry.Row.Without(account));
                    }
                    if (entry.Views.ContainsKey(account))
                    {
                        batch.Put(ViewRow.Collection, entry.WithoutView(account).ToViews());
                    }
                },
                CancellationToken.None
            )
            .ConfigureAwait(false);
        await _database
            .ForEachInCommitsAsync(
                model.Tombstones.Values.Where(row => row.Names(account)).Select(row => row.Id),
                (batch, id) =>
                {
                    if (!_projection.Pending.Tombstones.TryGetValue(id, out var row) || !row.Names(account))
                    {
                        return;
                    }
                    if (row.Author == account)
                    {
                        batch.Raise(new StoryEnded(id, KeepsThread: false));
                    }
                    batch.Put(TombstoneRow.Collection, row.Without(account));
                },
                CancellationToken.None
            )
            .ConfigureAwait(false);
    }
}
