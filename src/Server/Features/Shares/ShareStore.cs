using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Shares;

/// <summary>All shares, in memory.</summary>
internal sealed record ShareModel(ImmutableDictionary<string, ShareRow> ById, ImmutableDictionary<string, string> IdByHash)
{
    public static readonly ShareModel Empty = new(
        ImmutableDictionary.Create<string, ShareRow>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, string>(StringComparer.Ordinal)
    );

    public ShareModel With(ShareRow row) => new(ById.SetItem(row.Id, row), IdByHash.SetItem(row.Hash, row.Id));

    public ShareModel Without(ShareRow row) => new(ById.Remove(row.Id), IdByHash.Remove(row.Hash));
}

/// <summary>Owns the rows of shares. Each request decides by the clock, the story and its author whether a share still shows its story.</summary>
internal sealed class ShareStore : IDeletesExpired, IErasesAccounts
{
    // An expired share reports that, as the story's own URL does.
    private static readonly TimeSpan Remembered = Limits.TombstoneLife;
    private const int KeptPerAuthor = 2 * Limits.Shares;

    private readonly Database _database;
    private readonly IdempotencyStore _idempotency;
    private readonly AccountStore _accounts;
    private readonly AuditStore _audit;
    private readonly StoryStore _stories;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly Projection<ShareModel> _projection;

    public ShareStore(
        Database database,
        IdempotencyStore idempotency,
        AccountStore accounts,
        AuditStore audit,
        StoryStore stories,
        Ids ids,
        TimeProvider time
    )
    {
        _database = database;
        _idempotency = idempotency;
        _accounts = accounts;
        _audit = audit;
        _stories = stories;
        _ids = ids;
        _time = time;
        _projection = database
            .Project(ShareModel.Empty)
            .On(ShareRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row));
    }

    /// <summary>An author's shares that have not expired, newest first.</summary>
    public IReadOnlyList<ShareRow> Of(int author) =>
        [
            .. _projection
                .Current.ById.Values.Where(row => row.Author == author && Shown(row) is not null)
                .OrderByDescending(row => row.Id, StringComparer.Ordinal),
        ];

    public ShareRow? Find(string id) => _projection.Current.ById.GetValueOrDefault(id);

    /// <summary>The story that a share's secret shows now.</summary>
    /// <exception cref="ApiProblem"><c>share_not_found</c>, also for a revoked share and while its author is disabled; <c>share_ended</c>.</exception>
    public (ShareRow Share, StoryEntry Story) Open(string secret)
    {
        var model = _projection.Current;
        var hash = Secret.Hash(secret);
        if (
            !model.IdByHash.TryGetValue(hash, out var id)
            || model.ById[id] is not { } share
            || !Secret.HashesEqual(share.Hash, hash)
            || share.ExpiresAt + Remembered <= _time.GetUtcNow()
            || _accounts.Find(share.Author) is not { Disabled: false }
        )
        {
            throw new ApiProblem(Errors.ShareNotFound, "nothing is shared under this address, or no longer");
        }
        return Shown(share) is { } story
            ? (share, story)
            : throw new ApiProblem(Errors.ShareEnded, "what was shared under this address is over");
    }

    private StoryEntry? Shown(ShareRow share) =>
        share.ExpiresAt > _time.GetUtcNow() ? _stories.FindVisible(share.Author, share.Story) : null;

    /// <summary>Shares one of the caller's stories.</summary>
    /// <exception cref="ApiProblem">As the story's own route, <c>not_author</c>, and <c>invalid_request</c> when the author has too many shares.</exception>
    public Task<(ShareRow Share, string Secret)> MakeAsync(
        CurrentAccount by,
        string story,
        TimeSpan ttl,
        IdempotentRequest repetition,
        CancellationToken cancel
    )
    {
        var secret = Secret.Make(Secret.SharePrefix);
        return _database.CommitAsync(
            batch =>
            {
                _accounts.VerifyActive(by.Number);
                var entry = _stories.GetPending(by.Number, story);
                if (entry.Author != by.Number)
                {
                    throw new ApiProblem(Errors.NotAuthor, "only its author may share a story");
                }
                var now = _time.GetWholeMilliseconds();
                MakeRoom(batch, by.Number, now);
                var end = now + ttl;
                var share = new ShareRow(
                    _ids.Next(),
                    Secret.Hash(secret),
                    story,
                    by.Number,
                    now,
                    entry.EndsAt is { } storyEnd && storyEnd < end ? storyEnd : end
                );
                batch.Insert(ShareRow.Collection, share);
                _audit.Note(batch, by.Handle, AuditActions.ShareMade, share.Id);
                _idempotency.Remember(batch, repetition, StatusCodes.Status201Created, share.Id);
                return (share, secret);
            },
            cancel
        );
    }

    public Task DeleteExpiredAsync(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return _database.ForEachInCommitsAsync(
            _projection.Current.ById.Values.Where(row => row.ExpiresAt + Remembered <= now).ToList(),
            (batch, over) =>
            {
                if (_projection.Pending.ById.TryGetValue(over.Id, out var row))
                {
                    batch.Delete(ShareRow.Collection, row);
                }
            },
            cancel
        );
    }

    /// <summary>Deletes the oldest expired shares of an author who has very many.</summary>
    private void MakeRoom(WriteBatch batch, int author, DateTimeOffset now)
    {
        var mine = _projection.Pending.ById.Values.Where(row => row.Author == author).ToList();
        var holding = mine.Count(row => row.ExpiresAt > now && _stories.FindPending(author, row.Story) is not null);
        if (holding >= Limits.Shares)
        {
            throw ApiProblem.Invalid(
                "id",
                $"would be one share too many: you have {holding}, and the limit is {Limits.Shares}; revoke some"
            );
        }
        foreach (
            var old in mine.Where(row => row.ExpiresAt <= now || _stories.FindPending(author, row.Story) is null)
                .OrderBy(row => row.ExpiresAt)
                .Take(mine.Count - KeptPerAuthor + 1)
        )
        {
            batch.Delete(ShareRow.Collection, old);
        }
    }

    /// <exception cref="ApiProblem"><c>share_not_found</c>, also for another person's.</exception>
    public Task RevokeAsync(CurrentAccount by, string id, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                if (!_projection.Pending.ById.TryGetValue(id, out var share) || share.Author != by.Number)
                {
                    throw new ApiProblem(Errors.ShareNotFound, $"you have no share {Excerpt.Of(id)}");
                }
                batch.Delete(ShareRow.Collection, share);
                _audit.Note(batch, by.Handle, AuditActions.ShareRevoked, id);
                return true;
            },
            cancel
        );

    /// <summary>Adds to the number of times a share's page was opened. Does nothing if it was revoked meanwhile.</summary>
    /// <param name="id">Id of the share.</param>
    /// <param name="times">Returns how often. Called when the change runs.</param>
    /// <param name="counted">Called with the added number once it is on disk.</param>
    public Task CountAsync(string id, Func<int> times, Action<int> counted) =>
        _database.CommitAsync(batch =>
        {
            var more = times();
            if (_projection.Pending.ById.TryGetValue(id, out var share))
            {
                batch.Put(ShareRow.Collection, share with { OpenCount = share.OpenCount + more });
            }
            batch.AfterCommit(() => counted(more));
            return true;
        });

    /// <summary>Deletes an account's shares.</summary>
    public Task EraseAsync(int account, string handle) =>
        _database.CommitAsync(batch =>
        {
            foreach (var share in _projection.Pending.ById.Values.Where(row => row.Author == account).ToList())
            {
                batch.Delete(ShareRow.Collection, share);
            }
            return true;
        });
}
