using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Which stories the server holds, whoever may see them: for quotas, metrics, backups, the sweeper and the check of media.</summary>
internal sealed class StoryInventory(StoryProjection projection, AccountStore accounts, Database database, TimeProvider time) : IUsesSpace
{
    public long BytesOf(int account) => projection.Current.BytesByAuthor.GetValueOrDefault(account);

    public long Bytes => projection.Current.Bytes;

    /// <summary>Whether files with this id belong to something, which may be a row that was lost to damage lately.</summary>
    public bool Has(string id) =>
        projection.Current.ById.ContainsKey(id)
        || (database.Quarantine.LostAt(StoryRow.Collection, id) is { } at && at + KeptDamage.Life > time.GetUtcNow())
        || (
            database.KeptLog is { } log
            && !projection.Current.Tombstones.ContainsKey(id)
            && Ulid.TryParse(id, out var posted)
            && posted.Time <= log.At
        );

    /// <summary>Whether there was a story with this id: it has ended, and whatever it left may go.</summary>
    public bool IsGone(string id) => projection.Current is var model && !model.ById.ContainsKey(id) && model.Tombstones.ContainsKey(id);

    /// <summary>How many stories there are, those in archives among them.</summary>
    public int Count => projection.Current.ById.Count;

    /// <summary>How long the story that is overdue the longest should have been gone.</summary>
    public TimeSpan OldestExpired
    {
        get
        {
            var now = time.GetUtcNow();
            return
                projection.Current.Expiries is { IsEmpty: false } expiries
                && DateTimeOffset.FromUnixTimeMilliseconds(expiries[0].At) is var first
                && first < now
                ? now - first
                : TimeSpan.Zero;
        }
    }

    /// <summary>How many stories are on the disk, by author.</summary>
    public IReadOnlyDictionary<int, int> CountByAuthor() =>
        projection.Current.ById.Values.GroupBy(e => e.Row.Author).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>The files of all stories, and of those in archives.</summary>
    public IReadOnlyList<StoredMedia> StoredMedia()
    {
        var model = projection.Current;
        return [.. model.Order.Concat(model.Archived.Select(a => a.Id)).Select(id => StoredMediaOf(model.ById[id].Row))];
    }

    /// <summary>The files of one story; null when it has gone.</summary>
    public StoredMedia? FindStoredMedia(string id) =>
        projection.Current.ById.TryGetValue(id, out var entry) ? StoredMediaOf(entry.Row) : null;

    private static StoredMedia StoredMediaOf(StoryRow row) => new(row.Id, [.. row.Files]);

    /// <summary>How many stories anybody may still see.</summary>
    public int ActiveCount => projection.Current.ById.Keys.Count(IsActive);

    /// <summary>Whether anybody may still see it, be it its author in the archive.</summary>
    public bool IsActive(string id) =>
        projection.Current.ById.TryGetValue(id, out var entry)
        && time.GetUtcNow() is var now
        && (!entry.Row.IsExpired(now) || IsArchived(entry.Row, now));

    /// <summary>Whether a story has expired and its author, who alone may, can still see it. What expired before the archive was asked for is not in it.</summary>
    public bool IsArchived(StoryRow row, DateTimeOffset now) =>
        row.IsExpired(now) && row.ExpiresAt + Limits.ArchiveLife > now && accounts.ArchiveSince(row.Author) < row.ExpiresAt;

    /// <summary>Stories on the disk and the bytes of their media, by kind.</summary>
    public IReadOnlyList<(string Kind, int Count, long Bytes)> TotalsByKind() =>
        [
            .. projection
                .Current.ById.Values.GroupBy(e => e.Row.Kind)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => (g.Key, g.Count(), g.Sum(e => e.Row.Bytes))),
        ];
}
