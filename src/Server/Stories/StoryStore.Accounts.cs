namespace StoriesCli.Server.Stories;

/// <summary>What accounts have in all stories, in numbers and by name.</summary>
internal sealed partial class StoryStore
{
    private const int ViewsPerCommit = 200;

    /// <summary>Its own stories, swept or not.</summary>
    public IReadOnlyList<string> IdsOf(int author) => [.. _slice.Current.ById.Values.Where(e => e.Row.Author == author).Select(e => e.Row.Id)];

    /// <summary>How many stories are on the disk, by author.</summary>
    public IReadOnlyDictionary<int, int> CountByAuthor() => _slice.Current.ById.Values.GroupBy(e => e.Row.Author).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Stories on the disk and the bytes of their media, by kind.</summary>
    public IReadOnlyList<(string Kind, int Count, long Bytes)> TotalsByKind() =>
        [.. _slice.Current.ById.Values.GroupBy(e => e.Row.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Count(), g.Sum(e => e.Row.Bytes)))];

    /// <summary>Takes an account out of what others have been seen by.</summary>
    public async Task ForgetViewerAsync(int account)
    {
        foreach (var ids in _slice.Current.ById.Values.Where(e => e.Views.ContainsKey(account)).Select(e => e.Row.Id).Chunk(ViewsPerCommit))
        {
            await _database.CommitAsync(changes =>
            {
                foreach (var id in ids)
                {
                    if (_slice.Pending.ById.TryGetValue(id, out var entry))
                    {
                        var left = entry.WithoutView(account);
                        changes.Put(ViewRow.Collection, left.ToViews());
                        _slice.Pending = _slice.Pending.WithViews(left);
                    }
                }
                return true;
            }).ConfigureAwait(false);
        }
    }
}
