using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Owns the rows of stories, views and tombstones. Every read checks by the clock which stories still exist.</summary>
internal sealed partial class StoryStore
{
    private readonly Database _database;
    private readonly IdempotencyStore _idempotency;
    private readonly AccountStore _accounts;
    private readonly AuditStore _audit;
    private readonly ReportedStories _reported;
    private readonly ServerOptions _options;
    private readonly TimeProvider _time;
    private readonly StoryProjection _projection;
    private readonly StoryLifecycle _lifecycle;

    public StoryStore(
        Database database,
        StoryProjection projection,
        StoryLifecycle lifecycle,
        IdempotencyStore idempotency,
        AccountStore accounts,
        AuditStore audit,
        ReportedStories reported,
        ServerOptions options,
        TimeProvider time
    )
    {
        _reported = reported;
        _options = options;
        _accounts = accounts;
        _audit = audit;
        _database = database;
        _idempotency = idempotency;
        _time = time;
        _projection = projection;
        _lifecycle = lifecycle;
    }

    public StoryModel Current => _projection.Current;

    /// <summary>A story that this account may see now, or null.</summary>
    public StoryEntry? FindVisible(int account, string id) => _projection.Current.FindVisible(account, id, _time.GetUtcNow());

    /// <summary>A story that this account may see now.</summary>
    /// <exception cref="ApiProblem"><c>story_not_found</c>; <c>story_expired</c> or <c>story_deleted</c> for accounts that could see it.</exception>
    public StoryEntry GetVisible(int account, string id) => GetVisible(_projection.Current, account, id);

    private StoryEntry GetVisible(StoryModel model, int account, string id)
    {
        if (model.FindVisible(account, id, _time.GetUtcNow()) is { } visible)
        {
            return visible;
        }
        if (
            model.ById.TryGetValue(id, out var entry)
            && CouldSee(account, entry.Row)
            && !(entry.Row.Archived && entry.Row.ExpiresAt + Limits.TombstoneLife <= _time.GetUtcNow())
        )
        {
            throw Expired(id, entry.Row.ExpiresAt);
        }
        if (
            model.Tombstones.TryGetValue(id, out var tombstone)
            && CouldSee(account, tombstone)
            && tombstone.At + Limits.TombstoneLife > _time.GetUtcNow()
        )
        {
            throw tombstone.Reason == TombstoneRow.Deleted
                ? new ApiProblem(Errors.StoryDeleted, $"story {id} was deleted")
                : Expired(id, tombstone.At);
        }
        throw new ApiProblem(Errors.StoryNotFound, $"there is no story {Excerpt.Of(id)}");
    }

    /// <summary>
    /// Receipt of an erased story that this account could see; null when there is none, or no longer. Erases the story now if the
    /// database's log still shows it.
    /// </summary>
    public async Task<Receipt?> FindReceiptAsync(int account, string id, CancellationToken cancel)
    {
        if (FindTombstone(account, id) is not null && _lifecycle.IsShown(id))
        {
            try
            {
                await _database.EraseDeletedAsync(cancel).ConfigureAwait(false);
            }
            catch (DatabaseUnavailableException)
            {
                // Until the database is back and has erased it, there is no receipt.
            }
        }
        return _lifecycle.IsShown(id) ? null : FindTombstone(account, id);
    }

    private Receipt? FindTombstone(int account, string id) =>
        _projection.Current.Tombstones.TryGetValue(id, out var tombstone)
        && CouldSee(account, tombstone)
        && tombstone.GoneAt + Limits.ReceiptLife > _time.GetUtcNow()
            ? new()
            {
                Id = id,
                Sha256 = tombstone.Sha256,
                Parts = tombstone.Parts,
                Reason = tombstone.Reason,
                At = tombstone.GoneAt,
            }
            : null;

    /// <summary>Whether an account could see a story before it expired. Accounts that joined later could not.</summary>
    private bool CouldSee(int account, StoryRow row) =>
        row.IsVisibleTo(account) && (!row.IsExpired(_time.GetUtcNow()) || WasThere(account, row.ExpiresAt));

    private bool CouldSee(int account, TombstoneRow tombstone) => tombstone.IsVisibleTo(account) && WasThere(account, tombstone.At);

    private bool WasThere(int account, DateTimeOffset at) => _accounts.Find(account) is { } row && row.CreatedAt <= at;

    /// <summary>Makes a story visible, whose file is already in place.</summary>
    /// <param name="draft">The story. It replaces the previous one in its slot.</param>
    /// <param name="key">Stored together with the story, so that a repeated request finds it.</param>
    /// <param name="fingerprint">What a repeated request is compared with.</param>
    /// <param name="cancel">Cancels only while the change waits for its turn.</param>
    public Task<StoryEntry> PostAsync(StoryRow draft, IdempotencyKey? key, string fingerprint, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                _accounts.VerifyActive(draft.Author);
                foreach (var previous in draft.Slot is { } slot ? _projection.Pending.StandingIn(draft.Author, slot) : [])
                {
                    batch.Put(StoryRow.Collection, _projection.Pending.ById[previous].Row.ReplacedBy(draft.Audience));
                }
                batch.Insert(StoryRow.Collection, draft);
                if (key is { } k)
                {
                    _idempotency.Remember(batch, k, fingerprint, StatusCodes.Status201Created, draft.Id);
                }
                batch.Raise(new StoryPosted(draft.Subject, draft.CreatedAt));
                if (draft.Mentioned.Any())
                {
                    batch.Raise(new AccountsMentioned(draft.Subject, [.. draft.Mentioned], draft.CreatedAt));
                }
                return _projection.Pending.ById[draft.Id];
            },
            cancel
        );

    /// <summary>Notes that an account has seen a story. Only the first time counts.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>.</exception>
    public async Task MarkViewedAsync(int account, string id, CancellationToken cancel)
    {
        if (GetVisible(account, id).IsSeenBy(account))
        {
            return;
        }
        await _database
            .CommitAsync(
                batch =>
                {
                    var entry = GetVisible(_projection.Pending, account, id);
                    if (!entry.IsSeenBy(account))
                    {
                        var now = _time.GetUtcNow();
                        var isPrivate = _accounts.LooksPrivately(account);
                        batch.Put(ViewRow.Collection, entry.WithView(account, now, isPrivate).ToViews());
                        batch.Raise(new StoryViewed(entry.Row.Subject, isPrivate ? null : account, now));
                    }
                    return true;
                },
                cancel
            )
            .ConfigureAwait(false);
    }

    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>, and <c>not_author</c>.</exception>
    public Task DeleteAsync(CurrentAccount caller, string id, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var row = (
                    FindReported(_projection.Pending, caller, _reported.HasPending(id), id)
                    ?? GetVisible(_projection.Pending, caller.Number, id)
                ).Row;
                if (row.Author != caller.Number && !caller.IsAdmin)
                {
                    throw new ApiProblem(Errors.NotAuthor, "only its author or an admin may delete a story");
                }
                if (row.Author != caller.Number)
                {
                    _audit.Note(batch, caller.Handle, AuditActions.StoryDeleted, id, $"by {_accounts.GetPerson(row.Author).Handle}");
                }
                var now = _time.GetUtcNow();
                _lifecycle.Bury(batch, row, TombstoneRow.Deleted, now);
                batch.Raise(new StoryRemoved(row.Subject, now));
                return true;
            },
            cancel
        );

    private static ApiProblem Expired(string id, DateTimeOffset at) =>
        new(
            Errors.StoryExpired,
            $"story {id} expired at {at.UtcDateTime.ToString(WireTimeConverter.Format, System.Globalization.CultureInfo.InvariantCulture)}"
        );

    /// <summary>A story that the caller may see now. Admins may also see reported stories.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>.</exception>
    public StoryEntry GetVisible(CurrentAccount caller, string id) => FindReported(caller, id) ?? GetVisible(caller.Number, id);

    /// <summary>A reported story that has not ended, if the caller is an admin.</summary>
    public StoryEntry? FindReported(CurrentAccount caller, string id) => FindReported(_projection.Current, caller, _reported.Has(id), id);

    private StoryEntry? FindReported(StoryModel model, CurrentAccount caller, bool isReported, string id) =>
        isReported && caller.IsAdmin && model.ById.TryGetValue(id, out var entry) && !entry.Row.IsExpired(_time.GetUtcNow()) ? entry : null;
}
