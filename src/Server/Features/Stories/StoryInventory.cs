using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Stories;

/// <summary>All stories that the server holds, for quotas, metrics, backups, the sweeper and the check of media. It checks no visibility.</summary>
internal sealed class StoryInventory(StoryProjection projection, AccountStore accounts, Database database, TimeProvider time) : IUsesSpace
{
    public long BytesOf(int account) => projection.Current.BytesByAuthor.GetValueOrDefault(account);

    public long Bytes => projection.Current.Bytes;

    /// <summary>Whether files with this id belong to something, which may be a row that was lost recently.</summary>
    public bool Has(string id) =>
        projection.Current.ById.ContainsKey(id)
        || (database.Quarantine.LostAt(StoryRow.Collection, id) is { } at && at + KeptDamage.Life > time.GetUtcNow())
        || (
            database.KeptLog is { } log
            && !projection.Current.Tombstones.ContainsKey(id)
            && Ulid.TryParse(id, out var posted)
            && posted.Time <= log.At
        );

    /// <summary>Whether a story with this id has ended, so that files it left may be deleted.</summary>
    public bool IsGone(string id) => projection.Current is var model && !model.ById.ContainsKey(id) && model.Tombstones.ContainsKey(id);

    /// <summary>Number of stories, including archived ones.</summary>
    public int Count => projection.Current.ById.Count;

    /// <summary>How long ago the most overdue story expired.</summary>
    public TimeSpan OldestExpired
    {
        get
        {
            var now = time.GetUtcNow();
            return projection.Current.Times.Expiries is { IsEmpty: false } expiries && expiries[0].ExpiresAt is var first && first < now
                ? now - first
                : TimeSpan.Zero;
        }
    }

    /// <summary>Number of stories on disk, by author.</summary>
    public IReadOnlyDictionary<int, int> CountByAuthor() =>
        projection.Current.ById.Values.GroupBy(e => e.Row.Author).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Files of all stories, including archived ones.</summary>
    public IReadOnlyList<StoredMedia> StoredMedia() =>
        [.. projection.Current.ById.Values.Select(entry => StoredMediaOf(entry.Row)).OrderBy(media => media.Id, StringComparer.Ordinal)];

    /// <summary>Files of one story; null when it is gone.</summary>
    public StoredMedia? FindStoredMedia(string id) =>
        projection.Current.ById.TryGetValue(id, out var entry) ? StoredMediaOf(entry.Row) : null;

    private static StoredMedia StoredMediaOf(StoryRow row) => new(row.Id, [.. row.Files]);

    /// <summary>Number of stories with files that somebody may still see.</summary>
    public int ActiveWithFiles => projection.Current.ById.Values.Count(entry => IsActive(entry.Row.Id) && entry.Row.Files.Any());

    /// <summary>Whether somebody may still see it, including its author in the archive.</summary>
    public bool IsActive(string id) =>
        projection.Current.ById.TryGetValue(id, out var entry)
        && time.GetUtcNow() is var now
        && (!entry.Row.IsExpired(now) || IsArchived(entry.Row, now));

    /// <summary>Whether a story has expired and its author can still see it in the archive. Stories that expired before the archive was turned on are not in it, nor are live terminals, which are no recordings yet.</summary>
    public bool IsArchived(StoryRow row, DateTimeOffset now) =>
        !row.IsLive && row.IsExpired(now) && row.ExpiresAt + Limits.ArchiveLife > now && accounts.ArchiveSince(row.Author) < row.ExpiresAt;

    /// <summary>Number of stories on disk and the bytes of their media, by kind.</summary>
    public IReadOnlyList<(string Kind, int Count, long Bytes)> TotalsByKind() =>
        [
            .. projection
                .Current.ById.Values.GroupBy(e => e.Row.Kind)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => (g.Key, g.Count(), g.Sum(e => e.Row.Bytes))),
        ];
}
