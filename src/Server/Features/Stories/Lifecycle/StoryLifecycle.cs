using System.Collections.Concurrent;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Ends stories: when they expire, when their file or their author is gone, and when somebody deletes them.</summary>
internal sealed class StoryLifecycle : IDeletesExpired
{
    private readonly StoryProjection _projection;
    private readonly StoryInventory _inventory;
    private readonly AccountStore _accounts;
    private readonly MediaStore _media;
    private readonly Database _database;
    private readonly TimeProvider _time;

    // Buried stories that the database's log still shows.
    private readonly ConcurrentDictionary<string, bool> _shown = [];

    // Accounts with an archive, when all archived stories were last looked at.
    private HashSet<(int Account, DateTimeOffset Since)>? _archives;

    public StoryLifecycle(
        StoryProjection projection,
        StoryInventory inventory,
        AccountStore accounts,
        MediaStore media,
        Database database,
        TimeProvider time
    )
    {
        (_projection, _inventory, _accounts, _media, _database, _time) = (projection, inventory, accounts, media, database, time);
        database.Erased += _shown.Clear;
    }

    /// <summary>Whether the log of the database still shows bytes of a story that has ended.</summary>
    public bool IsShown(string id) => _shown.ContainsKey(id);

    /// <summary>Turns expired stories into tombstones, or moves them into their authors' archives.</summary>
    /// <param name="until">Time up to which expiries have been announced: a buried story can no longer be announced.</param>
    /// <param name="maximum">Maximum number of rows, so that posts do not wait long behind this change.</param>
    /// <param name="cancel">Cancels only while the change waits for its turn.</param>
    /// <returns>Whether there may be more to do.</returns>
    public async Task<bool> SweepAsync(DateTimeOffset until, int maximum, CancellationToken cancel)
    {
        var expired = _projection.Current.Times.ExpiredUntil(until).Take(maximum).Select(row => row.Id).ToList();
        if (expired.Count > 0)
        {
            await EndAsync(expired, until, cancel).ConfigureAwait(false);
        }
        return expired.Count == maximum;
    }

    /// <summary>Inside a change: ends a story, with its views, its thread and its reports, and leaves a tombstone.</summary>
    internal void Bury(WriteBatch batch, StoryRow row, string reason, DateTimeOffset at)
    {
        var tombstone = new TombstoneRow(row.Id, row.Author, row.Audience, row.Media.Sha256, reason, at)
        {
            Parts = row.Compare is { } compare ? new() { Before = compare.Before.Sha256, Difference = compare.Difference.Sha256 } : null,
            Released = row.Archived ? _time.GetWholeMilliseconds() : null,
        };
        var seen = _projection.Pending.ById[row.Id];
        batch.Delete(StoryRow.Collection, row);
        DeleteViews(batch, seen);
        batch.Raise(new StoryEnded(row.Id, KeepsThread: reason == TombstoneRow.Expired));
        batch.Insert(TombstoneRow.Collection, tombstone);
        batch.AfterCommit(() =>
        {
            _shown[row.Id] = true;
            // The recording of a live terminal may be under way to its place.
            _media.Leave(row.Id, row.IsLive ? [null] : row.Files.Select(file => file.Part));
        });
    }

    private static void DeleteViews(WriteBatch batch, StoryEntry seen)
    {
        if (!seen.Views.IsEmpty)
        {
            batch.Delete(ViewRow.Collection, seen.ToViews());
        }
    }

    /// <summary>Buries stories of an account that is being deleted: active, expired but not swept, or archived ones.</summary>
    /// <param name="author">Number of an account that can no longer post.</param>
    /// <param name="maximum">Maximum number of stories, so that posts do not wait long behind this change.</param>
    /// <returns>Ids of the stories whose files must be deleted; empty when nothing is left.</returns>
    public Task<List<string>> BuryOfAsync(int author, int maximum) =>
        _database.CommitAsync(batch =>
        {
            var now = _time.GetUtcNow();
            var rows = _projection.Pending.Of(author).Take(maximum).ToList();
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

    /// <summary>Removes the number of an account from others' stories, viewers and tombstones. Ends the threads of its own stories.</summary>
    public async Task EraseNumberAsync(int account)
    {
        var model = _projection.Current;
        await _database
            .ForEachInCommitsAsync(
                model.ById.Values.Where(e => e.Views.Contains(account) || e.Row.Names(account)).Select(e => e.Id),
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
                    if (entry.Views.Contains(account))
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

    /// <summary>Ends a story of any author whose file is missing.</summary>
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

    /// <summary>Ids of archived stories that leave their author's archive. Looks at all of them only after somebody has changed their archive.</summary>
    public IReadOnlyList<string> FindReleased()
    {
        var now = _time.GetUtcNow();
        var oldest = now - Limits.ArchiveLife;
        var archives = _accounts
            .All()
            .Select(account => (account.Number, Since: _accounts.ArchiveSince(account.Number)))
            .Where(it => it.Since is not null)
            .Select(it => (it.Number, it.Since!.Value))
            .ToHashSet();
        var isChanged = _archives?.SetEquals(archives) != true;
        var model = _projection.Current;
        IEnumerable<StoryRow> maybe = isChanged ? model.Times.Archived : model.Times.Archived.TakeWhile(row => row.ExpiresAt <= oldest);
        string[] released = [.. maybe.Where(row => !_inventory.IsArchived(row, now)).Select(row => row.Id)];
        _archives = archives;
        return released;
    }

    /// <summary>Ends expired stories: buries or archives them.</summary>
    public Task EndAsync(IReadOnlyCollection<string> expired, DateTimeOffset until, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var now = _time.GetUtcNow();
                foreach (var id in expired)
                {
                    // Meanwhile it may have been deleted, or its author may have extended its lifetime.
                    if (!_projection.Pending.ById.TryGetValue(id, out var entry) || !entry.Row.IsExpired(until))
                    {
                        continue;
                    }
                    if (!_inventory.IsArchived(entry.Row, now))
                    {
                        Bury(batch, entry.Row, TombstoneRow.Expired, entry.Row.ExpiresAt);
                    }
                    else if (!entry.Row.Archived)
                    {
                        Archive(batch, entry.Row);
                    }
                }
                return true;
            },
            cancel
        );

    /// <summary>Deletes tombstones that are shown to nobody any more, and their receipts.</summary>
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

    private void Archive(WriteBatch batch, StoryRow row)
    {
        batch.Put(StoryRow.Collection, row with { Archived = true, Replaced = false, ReplacedFor = null });
        // Views, replies and reactions of others do not outlive the expiry, not even in the archive.
        DeleteViews(batch, _projection.Pending.ById[row.Id]);
        batch.Raise(new StoryEnded(row.Id, KeepsThread: true));
    }
}
