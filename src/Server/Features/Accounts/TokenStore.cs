using System.Diagnostics.CodeAnalysis;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Signs accounts in by their tokens, and makes, renews and ends tokens. Their secrets are shown once and stored as hashes.</summary>
internal sealed class TokenStore(
    AccountProjection projection,
    TokenExpiry expiry,
    AccountStore accounts,
    Database database,
    IdempotencyStore idempotency,
    AuditStore audit,
    Ids ids,
    TimeProvider time,
    ILogger<TokenStore> log
) : IDeletesExpired
{
    private static readonly TimeSpan LastUseGrain = TimeSpan.FromMinutes(1);

    // A stream that is open for a year uses its token too, but nobody needs that to the minute.
    private static readonly TimeSpan StreamGrain = TimeSpan.FromDays(1),
        RenewalGrain = TimeSpan.FromDays(1);

    // Until then, a host who finds out why somebody cannot sign in can see the token.
    private static readonly TimeSpan EndedTokensKept = TimeSpan.FromDays(30);

    /// <summary>Finds the account of a secret, if that is valid now.</summary>
    public bool TrySignIn(string secret, [NotNullWhen(true)] out CurrentAccount? account)
    {
        account = null;
        var hash = Secret.Hash(secret);
        var model = projection.Current;
        if (!model.TokensByHash.TryGetValue(hash, out var token) || !Secret.HashesEqual(token.Hash, hash))
        {
            return false;
        }
        account = Live(model, token);
        if (account is not null)
        {
            NoteUse(token, LastUseGrain);
        }
        return account is not null;
    }

    /// <summary>The account of a token, if the token is still valid. For signed links and streams, which outlast one request.</summary>
    public CurrentAccount? FindLive(string id) =>
        projection.Current is var model && model.TokensById.TryGetValue(id, out var token) ? Live(model, token) : null;

    private CurrentAccount? Live(AccountModel model, TokenRow token) =>
        !expiry.HasExpired(token, time.GetUtcNow())
        && model.ByNumber.TryGetValue(token.Account, out var row)
        && row is { Disabled: false, Deleted: false }
            ? new(row.Number, row.Handle, row.Role, token.Id, ScopesOf(token, row), expiry.ExpiryOf(token), expiry.Renews(token, row))
            : null;

    /// <summary>Whether the use of a token has not been noted for a while.</summary>
    public bool IsUseToBeNoted(string id) =>
        projection.Current.TokensById.TryGetValue(id, out var token)
        && (token.LastUsedAt is not { } last || time.GetUtcNow() - last >= LastUseGrain);

    /// <summary>Notes that an open stream uses its token.</summary>
    public void NoteStream(string id)
    {
        if (projection.Current.TokensById.TryGetValue(id, out var token))
        {
            NoteUse(token, StreamGrain);
        }
    }

    /// <summary>Notes the use of a token, at most once per <paramref name="grain"/>, and renews it, at most once a day.</summary>
    private void NoteUse(TokenRow token, TimeSpan grain)
    {
        var now = time.GetWholeMilliseconds();
        // A server that follows another passes such a request on.
        if (!database.Role.IsWriter || (token.LastUsedAt is { } last && now - last < grain))
        {
            return;
        }
        // Not awaited: no request should wait for this note, or fail because of it.
        _ = database
            .CommitAsync(batch =>
            {
                if (
                    projection.Pending.TokensById.TryGetValue(token.Id, out var row)
                    && (row.LastUsedAt is null || now - row.LastUsedAt >= grain)
                    && !expiry.HasExpired(row, now)
                    && projection.Pending.ByNumber.TryGetValue(row.Account, out var account)
                )
                {
                    var end = now + Limits.TokenTtl;
                    row = row with
                    {
                        LastUsedAt = now,
                        ExpiresAt = expiry.Renews(row, account) && end - row.ExpiresAt >= RenewalGrain ? end : row.ExpiresAt,
                    };
                    batch.Put(TokenRow.Collection, row);
                }
                return true;
            })
            .ContinueWith(
                t => Log.LastUseNotNoted(log, t.Exception!.GetBaseException()),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
    }

    /// <summary>Valid tokens of an account, oldest first.</summary>
    public IReadOnlyList<TokenRow> Of(int account) =>
        [
            .. projection
                .Current.TokensById.Values.Where(t => t.Account == account && !expiry.HasExpired(t, time.GetUtcNow()))
                .OrderBy(t => t.Id, StringComparer.Ordinal),
        ];

    /// <summary>A token, which may have expired.</summary>
    public TokenRow? Find(string id) => projection.Current.TokensById.GetValueOrDefault(id);

    /// <summary>A token, as other features see it; null when there is none.</summary>
    public TokenSummary? FindSummary(string id) =>
        Find(id) is { } token ? new(token.Id, token.Name, token.Account, expiry.ExpiryOf(token)) : null;

    /// <summary>Scopes that a token has now.</summary>
    public string[] ScopesOf(TokenRow token) => accounts.FindRow(token.Account) is { } account ? ScopesOf(token, account) : [];

    private static string[] ScopesOf(TokenRow token, AccountRow account) =>
        token.WholeRole ? AccountRules.ScopesOf(account.Role) : token.Scopes;

    /// <summary>When any of an account's tokens was last used; null when none was.</summary>
    public DateTimeOffset? LastUsedAt(int account) =>
        projection.Current.TokensById.Values.Where(t => t.Account == account).Max(t => t.LastUsedAt);

    /// <summary>When the last of an account's tokens expires; null when it has no valid token.</summary>
    public DateTimeOffset? LastExpiryOf(int account) => Of(account) is { Count: > 0 } tokens ? tokens.Max(expiry.ExpiryOf) : null;

    /// <param name="by">Account and token that make it.</param>
    /// <param name="name">Name of the new token.</param>
    /// <param name="scopes">Scopes of the new token.</param>
    /// <param name="expiresAt">When it expires; null to expire and renew as the caller's token does.</param>
    /// <param name="repetition">The request, for repetitions.</param>
    /// <param name="cancel">Cancels only while waiting for its turn.</param>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when the account has too many.</exception>
    public Task<(TokenRow Token, string Secret)> MakeAsync(
        CurrentAccount by,
        string name,
        string[] scopes,
        DateTimeOffset? expiresAt,
        IdempotentRequest repetition,
        CancellationToken cancel
    )
    {
        var secret = Secret.Make(Secret.TokenPrefix);
        return database.CommitAsync(
            batch =>
            {
                var now = time.GetWholeMilliseconds();
                accounts.VerifyActive(by.Number);
                MakeRoom(batch, by.Number, now);
                var token = new TokenRow(
                    ids.Next(),
                    by.Number,
                    name,
                    Secret.Hash(secret),
                    scopes,
                    now,
                    expiresAt ?? by.TokenExpiresAt,
                    null,
                    Renews: expiresAt is null && by.TokenRenews
                );
                batch.Insert(TokenRow.Collection, token);
                audit.Note(batch, by.Handle, AuditActions.TokenMade, token.Id, $"\"{name}\" for {string.Join(", ", scopes)}");
                idempotency.Remember(batch, repetition, StatusCodes.Status201Created, token.Id);
                return (token, secret);
            },
            cancel
        );
    }

    /// <summary>Inside a change: makes a full-access token for an account that an invite or access link lets in.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when the account has too many.</exception>
    internal (TokenRow Token, string Secret) MakeFullAccess(WriteBatch batch, AccountRow account, string name, DateTimeOffset now)
    {
        var secret = Secret.Make(Secret.TokenPrefix);
        MakeRoom(batch, account.Number, now);
        var token = new TokenRow(
            ids.Next(),
            account.Number,
            name,
            Secret.Hash(secret),
            AccountRules.ScopesOf(account.Role),
            now,
            expiry.ExpiryOfNew(now),
            null,
            WholeRole: true
        );
        batch.Insert(TokenRow.Collection, token);
        return (token, secret);
    }

    /// <summary>Deletes an account's expired tokens, and checks the number of the others.</summary>
    private void MakeRoom(WriteBatch batch, int account, DateTimeOffset now)
    {
        var tokens = projection.Pending.TokensById.Values.Where(t => t.Account == account).ToLookup(t => expiry.HasExpired(t, now));
        foreach (var over in tokens[true])
        {
            End(batch, over);
        }
        if (tokens[false].Count() is var count && count >= Limits.Tokens)
        {
            throw ApiProblem.Invalid(
                "name",
                $"would be one token too many: you have {count}, and the limit is {Limits.Tokens}; revoke some, or end all of them with an access link"
            );
        }
    }

    /// <exception cref="ApiProblem"><c>token_not_found</c>, also for a token of another account.</exception>
    public Task RevokeAsync(CurrentAccount by, string id, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                if (!projection.Pending.TokensById.TryGetValue(id, out var token) || token.Account != by.Number)
                {
                    throw new ApiProblem(Errors.TokenNotFound, $"you have no token {Excerpt.Of(id)}");
                }
                End(batch, token);
                audit.Note(batch, by.Handle, AuditActions.TokenRevoked, id, $"\"{token.Name}\"");
                return true;
            },
            cancel
        );

    /// <summary>Inside a change: ends all tokens of an account, and all invites and access links that it made.</summary>
    /// <returns>Number of tokens.</returns>
    internal int EndAll(WriteBatch batch, int account)
    {
        var tokens = projection.Pending.TokensById.Values.Where(t => t.Account == account).ToList();
        foreach (var token in tokens)
        {
            End(batch, token);
        }
        EndMade(batch, invite => invite.CreatedBy == account, link => link.CreatedBy == account);
        return tokens.Count;
    }

    /// <summary>Deletes a token with the invites and access links that it made.</summary>
    private void End(WriteBatch batch, TokenRow token)
    {
        batch.Delete(TokenRow.Collection, token);
        EndMade(batch, invite => invite.Token == token.Id, link => link.Token == token.Id);
    }

    private void EndMade(WriteBatch batch, Func<InviteRow, bool> invites, Func<AccessRow, bool> links)
    {
        foreach (var link in projection.Pending.AccessById.Values.Where(links))
        {
            batch.Delete(AccessRow.Collection, link);
        }
        foreach (var invite in projection.Pending.InvitesByHash.Values.Where(invites))
        {
            batch.Delete(InviteRow.Collection, invite);
        }
    }

    public Task DeleteExpiredAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return database.ForEachInCommitsAsync(
            projection.Current.TokensById.Values.Where(token => IsForgettable(token, now)).ToList(),
            (batch, over) =>
            {
                // It may have been renewed meanwhile.
                if (projection.Pending.TokensById.TryGetValue(over.Id, out var token) && IsForgettable(token, now))
                {
                    batch.Delete(TokenRow.Collection, token);
                }
            },
            cancel
        );
    }

    private static bool IsForgettable(TokenRow token, DateTimeOffset now) => token.ExpiresAt + EndedTokensKept <= now;
}
