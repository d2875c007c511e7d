using StoriesCli.Server.Features.Media;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What a backup, and the check of the media, need to know of stories.</summary>
internal sealed partial class StoryStore
{
    /// <summary>The files of all stories, and of those in archives.</summary>
    public IReadOnlyList<StoredMedia> StoredMedia()
    {
        var model = _projection.Current;
        return [.. model.Order.Concat(model.Archived.Select(a => a.Id)).Select(id => StoredMediaOf(model.ById[id].Row))];
    }

    /// <summary>The files of one story; null when it has gone.</summary>
    public StoredMedia? FindStoredMedia(string id) =>
        _projection.Current.ById.TryGetValue(id, out var entry) ? StoredMediaOf(entry.Row) : null;

    private static StoredMedia StoredMediaOf(StoryRow row) => new(row.Id, [.. row.Files]);

    /// <summary>How many stories anybody may still see.</summary>
    public int ActiveCount => _projection.Current.ById.Keys.Count(IsActive);

    /// <summary>Whether anybody may still see it, be it its author in the archive.</summary>
    public bool IsActive(string id) =>
        _projection.Current.ById.TryGetValue(id, out var entry)
        && _time.GetUtcNow() is var now
        && (!entry.Row.IsExpired(now) || IsArchived(entry.Row, now));

    /// <summary>Ends a story whose file is gone, whoever's it is.</summary>
    public Task EndAsync(string id) =>
        _database.CommitAsync(batch =>
        {
            if (_projection.Pending.ById.TryGetValue(id, out var entry))
            {
                var now = _time.GetUtcNow();
                var isExpired = entry.Row.IsExpired(now);
                Bury(batch, entry.Row, isExpired ? TombstoneRow.Expired : TombstoneRow.Deleted, isExpired ? entry.Row.ExpiresAt : now);
                if (entry.Row.Archived)
                {
                    return true;
                }
                batch.Raise(
                    isExpired ? new StoryExpired(entry.Row.Subject, entry.Row.ExpiresAt) : new StoryRemoved(entry.Row.Subject, now)
                );
            }
            return true;
        });
}
