namespace StoriesCli.Server.Features.Stories;

/// <summary>What accounts have in all stories, in numbers and by name.</summary>
internal sealed partial class StoryStore
{
    private const int ViewsPerCommit = 200;

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

    /// <summary>Takes an account out of what others have been seen by.</summary>
    public async Task ForgetViewerAsync(int account)
    {
        foreach (
            var ids in _projection.Current.ById.Values.Where(e => e.Views.ContainsKey(account)).Select(e => e.Row.Id).Chunk(ViewsPerCommit)
        )
        {
            await _database
                .CommitAsync(batch =>
                {
                    foreach (var id in ids)
                    {
                        if (_projection.Pending.ById.TryGetValue(id, out var entry))
                        {
                            batch.Put(ViewRow.Collection, entry.WithoutView(account).ToViews());
                        }
                    }
                    return true;
                })
                .ConfigureAwait(false);
        }
    }
}
