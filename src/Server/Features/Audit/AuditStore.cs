using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Audit;

/// <summary>Owns the audit trail. It is not held in memory, but written with each action and read in pages.</summary>
internal sealed class AuditStore : IDeletesExpired, IErasesAccounts
{
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromHours(1);

    private static readonly string[] Naming =
    [
        AuditActions.TokenMade,
        AuditActions.TokenRevoked,
        AuditActions.FeedMade,
        AuditActions.FeedRevoked,
        AuditActions.WebhookMade,
        AuditActions.WebhookDeleted,
    ];

    private readonly Database _database;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private DateTimeOffset _nextForget;

    public AuditStore(Database database, Ids ids, TimeProvider time)
    {
        _database = database;
        _ids = ids;
        _time = time;
        database.Register(AuditRow.Collection);
    }

    /// <summary>Inside a change: the action and its entry are committed together.</summary>
    /// <param name="batch">Batch of the action.</param>
    /// <param name="actor">Handle of the account that does it; null for the host, on the server's machine.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="subject">Handle or id of the account or thing that the action changes.</param>
    /// <param name="detail">More about it, in words; never a secret.</param>
    public void Note(WriteBatch batch, string? actor, string action, string subject, string? detail = null) =>
        batch.Insert(AuditRow.Collection, new(_ids.Next(), _time.GetUtcNow(), actor, action, subject, detail));

    /// <summary>Adds an entry for an action that changes no row.</summary>
    public Task NoteAsync(string? actor, string action, string subject, string? detail, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                Note(batch, actor, action, subject, detail);
                return true;
            },
            cancel
        );

    /// <summary>The audit trail, newest first.</summary>
    /// <param name="before">Only entries older than the one with this id.</param>
    /// <param name="limit">Maximum number of entries, 1 to 200.</param>
    /// <param name="cancel">Cancels only while waiting for its turn.</param>
    public Task<IReadOnlyList<AuditRow>> ReadAsync(string? before, int limit, CancellationToken cancel) =>
        _database.ReadAsync(AuditRow.Collection, new RowRange(Before: before, LastFirst: true) { Limit = limit }, cancel);

    /// <summary>When an action was last done, and by whom.</summary>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="cancel">Cancels between pages.</param>
    /// <returns>Null when the trail, which goes back a year, does not have it. The actor is null for the host.</returns>
    public async Task<(DateTimeOffset At, string? Actor)?> FindLastAsync(string action, CancellationToken cancel)
    {
        IReadOnlyList<AuditRow> page;
        string? before = null;
        do
        {
            page = await ReadAsync(before, RowRange.LimitMaximum, cancel).ConfigureAwait(false);
            if (page.FirstOrDefault(row => row.Action == action) is { } found)
            {
                return (found.At, found.Actor);
            }
            before = page.Count > 0 ? page[^1].Id : before;
        } while (page.Count == RowRange.LimitMaximum);
        return null;
    }

    /// <summary>Removes names that the account gave to its own things. Its actions stay.</summary>
    public async Task EraseAsync(int account, string handle)
    {
        IReadOnlyList<AuditRow> page;
        string? last = null;
        do
        {
            page = await _database.ReadAsync(AuditRow.Collection, new RowRange(After: last), CancellationToken.None).ConfigureAwait(false);
            last = page.Count > 0 ? page[^1].Id : last;
            var named = page.Where(row => row.Actor == handle && row.Detail is not null && Naming.Contains(row.Action)).ToList();
            if (named.Count > 0)
            {
                await _database
                    .CommitAsync(batch =>
                    {
                        named.ForEach(row => batch.Put(AuditRow.Collection, row with { Detail = null }));
                        return true;
                    })
                    .ConfigureAwait(false);
            }
        } while (page.Count == RowRange.LimitMaximum);
    }

    /// <summary>Deletes entries older than a year. Runs at most once an hour.</summary>
    public async Task DeleteExpiredAsync(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        if (now < _nextForget)
        {
            return;
        }
        IReadOnlyList<AuditRow> old;
        do
        {
            var page = await _database.ReadAsync(AuditRow.Collection, new RowRange(), cancel).ConfigureAwait(false);
            old = [.. page.TakeWhile(row => row.At + Limits.AuditLife <= now)];
            if (old.Count > 0)
            {
                await _database
                    .CommitAsync(
                        batch =>
                        {
                            foreach (var row in old)
                            {
                                batch.Delete(AuditRow.Collection, row);
                            }
                            return true;
                        },
                        cancel
                    )
                    .ConfigureAwait(false);
            }
        } while (old.Count == RowRange.LimitMaximum);
        _nextForget = now + ForgetInterval;
    }
}
