using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Feeds;

/// <summary>The account and key that read a feed.</summary>
/// <param name="Account">Number of the account. The feed shows what this account may see.</param>
/// <param name="Feed">Id of the key.</param>
/// <param name="CreatedAt">When the key was made.</param>
internal sealed record FeedReader(int Account, string Feed, DateTimeOffset CreatedAt);

/// <summary>Owns the rows of feed keys. A key works until it is revoked or its token ends, while its account exists and is enabled.</summary>
internal sealed class FeedStore : IErasesAccounts
{
    private readonly Database _database;
    private readonly IdempotencyStore _idempotency;
    private readonly AccountStore _accounts;
    private readonly TokenStore _tokens;
    private readonly AuditStore _audit;
    private readonly FailedAttempts _failures;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly Projection<ImmutableDictionary<string, FeedRow>> _projection;

    public FeedStore(
        Database database,
        IdempotencyStore idempotency,
        AccountStore accounts,
        TokenStore tokens,
        AuditStore audit,
        FailedAttempts failures,
        Ids ids,
        TimeProvider time
    )
    {
        _database = database;
        _idempotency = idempotency;
        _accounts = accounts;
        _tokens = tokens;
        _audit = audit;
        _failures = failures;
        _ids = ids;
        _time = time;
        _projection = database
            .Project(ImmutableDictionary.Create<string, FeedRow>(StringComparer.Ordinal))
            .On(FeedRow.Collection, (feeds, row) => feeds.SetItem(row.Id, row), (feeds, row) => feeds.Remove(row.Id));
    }

    public IReadOnlyList<FeedRow> Of(int account) =>
        [.. _projection.Current.Values.Where(row => row.Account == account && IsHeld(row)).OrderBy(row => row.Id, StringComparer.Ordinal)];

    public FeedRow? Find(string id) => _projection.Current.GetValueOrDefault(id) is { } row && IsHeld(row) ? row : null;

    /// <summary>When a key expires at the latest; null for one without a token.</summary>
    public DateTimeOffset? ExpiryOf(FeedRow row) => row.Token is { } id ? _tokens.FindSummary(id)?.EndsAt : null;

    /// <summary>Account of a feed key, by the key's id, if both are valid now.</summary>
    public int? FindLive(string id) => Find(id) is { } row && IsLive(row) ? row.Account : null;

    private bool IsLive(FeedRow row) => _accounts.Find(row.Account) is { Disabled: false } && IsHeld(row);

    /// <summary>Whether the token that made it still exists.</summary>
    private bool IsHeld(FeedRow row) => row.Token is null || ExpiryOf(row) > _time.GetUtcNow();

    /// <summary>Account and key of the request's query.</summary>
    /// <exception cref="ApiProblem"><c>feed_key_invalid</c>, or <c>rate_limited</c> when this address has tried too many keys.</exception>
    public FeedReader GetReader(HttpContext context)
    {
        var keys = context.Request.Query[QueryCredential.FeedKey.Parameter];
        var hash = Secret.Hash(keys.ToString());
        return
            keys.Count == 1
            && _projection.Current.Values.FirstOrDefault(row => Secret.HashesEqual(row.Hash, hash)) is { } found
            && IsLive(found)
            ? new(found.Account, found.Id, found.CreatedAt)
            : throw _failures.Count(
                context,
                new(
                    Errors.FeedKeyInvalid,
                    "the key is unknown, mistyped or revoked, the token that it was made with has ended, or its account is disabled"
                )
            );
    }

    /// <exception cref="ApiProblem"><c>invalid_request</c> when the account has too many.</exception>
    public Task<(FeedRow Feed, string Key)> MakeAsync(
        CurrentAccount by,
        string name,
        IdempotentRequest repetition,
        CancellationToken cancel
    )
    {
        var key = Secret.Make(Secret.FeedPrefix);
        return _database.CommitAsync(
            batch =>
            {
                _accounts.VerifyActive(by.Number);
                foreach (var over in _projection.Pending.Values.Where(row => row.Account == by.Number && !IsHeld(row)))
                {
                    batch.Delete(FeedRow.Collection, over);
                }
                if (_projection.Pending.Values.Count(row => row.Account == by.Number) is var count && count >= Limits.Feeds)
                {
                    throw ApiProblem.Invalid(
                        "name",
                        $"would be one feed key too many: you have {count}, and the limit is {Limits.Feeds}; revoke some"
                    );
                }
                var feed = new FeedRow(_ids.Next(), by.Number, name, Secret.Hash(key), _time.GetWholeMilliseconds(), by.TokenId);
                batch.Insert(FeedRow.Collection, feed);
                _audit.Note(batch, by.Handle, AuditActions.FeedMade, feed.Id, $"\"{name}\"");
                _idempotency.Remember(batch, repetition, StatusCodes.Status201Created, feed.Id);
                return (feed, key);
            },
            cancel
        );
    }

    /// <exception cref="ApiProblem"><c>feed_not_found</c>, also for another person's.</exception>
    public Task RevokeAsync(CurrentAccount by, string id, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                if (!_projection.Pending.TryGetValue(id, out var feed) || feed.Account != by.Number)
                {
                    throw new ApiProblem(Errors.FeedNotFound, $"you have no feed key {Excerpt.Of(id)}");
                }
                batch.Delete(FeedRow.Collection, feed);
                _audit.Note(batch, by.Handle, AuditActions.FeedRevoked, id, $"\"{feed.Name}\"");
                return true;
            },
            cancel
        );

    /// <summary>Deletes an account's keys.</summary>
    public Task EraseAsync(int account, string handle) =>
        _database.CommitAsync(batch =>
        {
            foreach (var feed in _projection.Pending.Values.Where(row => row.Account == account).ToList())
            {
                batch.Delete(FeedRow.Collection, feed);
            }
            return true;
        });
}
