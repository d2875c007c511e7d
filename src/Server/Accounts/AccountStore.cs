using System.Diagnostics.CodeAnalysis;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Accounts;

/// <summary>Owns the rows of accounts, tokens and invites.</summary>
internal sealed class AccountStore
{
    private static readonly TimeSpan LastUseGrain = TimeSpan.FromMinutes(1);

    private readonly Database _database;
    private readonly Slice<AccountModel> _slice;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly ILogger<AccountStore> _log;

    public AccountStore(Database database, Ids ids, TimeProvider time, ILogger<AccountStore> log)
    {
        _database = database;
        _ids = ids;
        _time = time;
        _log = log;
        database.Register(AccountRow.Collection);
        database.Register(TokenRow.Collection);
        database.Register(InviteRow.Collection);
        _slice = database.AddSlice(Load);
    }

    private static AccountModel Load(RowReader rows)
    {
        var model = AccountModel.Empty;
        foreach (var row in rows.All(AccountRow.Collection))
        {
            model = model.With(row);
        }
        foreach (var row in rows.All(TokenRow.Collection))
        {
            model = model.With(row);
        }
        foreach (var row in rows.All(InviteRow.Collection))
        {
            model = model.With(row);
        }
        return model;
    }

    public bool IsEmpty => _slice.Current.ByHandle.IsEmpty;

    public AccountRow? Find(string handle) => _slice.Current.ByHandle.GetValueOrDefault(handle);

    public AccountRow? Find(int number) => _slice.Current.ByNumber.GetValueOrDefault(number);

    /// <summary>Who an account is to others; one that has left keeps no name.</summary>
    public Person GetPerson(int number) => Find(number)?.ToPerson() ?? new Person { Handle = "left", DisplayName = "Left" };

    public IReadOnlyList<AccountRow> Active() => [.. _slice.Current.ByHandle.Values.Where(a => !a.Disabled).OrderBy(a => a.Handle, StringComparer.Ordinal)];

    /// <summary>Who a secret belongs to, if it is valid now.</summary>
    public bool TrySignIn(string secret, [NotNullWhen(true)] out CurrentAccount? account)
    {
        account = null;
        var hash = Secret.Hash(secret);
        var model = _slice.Current;
        if (!model.TokensByHash.TryGetValue(hash, out var token) || !Secret.HashesEqual(token.Hash, hash))
        {
            return false;
        }
        account = Live(model, token);
        if (account is not null)
        {
            NoteUse(token);
        }
        return account is not null;
    }

    /// <summary>Whether a token that was valid once still is: for signed links and streams, which outlive one request.</summary>
    public CurrentAccount? FindLive(string tokenId) =>
        _slice.Current is var model && model.TokensById.TryGetValue(tokenId, out var token) ? Live(model, token) : null;

    private CurrentAccount? Live(AccountModel model, TokenRow token) =>
        token.ExpiresAt > _time.GetUtcNow() && model.ByNumber.TryGetValue(token.Account, out var row) && !row.Disabled
            ? new(row.Number, row.Handle, row.Role, token.Id, token.Scopes, token.ExpiresAt)
            : null;

    private void NoteUse(TokenRow token)
    {
        var now = _time.GetUtcNow();
        if (token.LastUsedAt is { } last && now - last < LastUseGrain)
        {
            return;
        }
        // Not awaited: nobody's request waits for, or fails by, the note that it was made.
        _ = _database.CommitAsync(changes =>
        {
            if (_slice.Pending.TokensById.TryGetValue(token.Id, out var row) && (row.LastUsedAt is null || now - row.LastUsedAt >= LastUseGrain))
            {
                row = row with { LastUsedAt = now };
                changes.Put(TokenRow.Collection, row);
                _slice.Pending = _slice.Pending.With(row);
            }
            return true;
        }).ContinueWith(t => Log.LastUseNotNoted(_log, t.Exception!.GetBaseException()), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>Makes an account out of an invite, which is used up by it.</summary>
    /// <exception cref="Failure"><c>invite_invalid</c>, <c>handle_taken</c>.</exception>
    public Task<(AccountRow Account, TokenRow Token, string Secret)> JoinAsync(string code, string handle, string displayName, string tokenName, CancellationToken cancel)
    {
        var secret = Secret.Make(Secret.TokenPrefix);
        var codeHash = Secret.Hash(code);
        return _database.CommitAsync(changes =>
        {
            var now = _time.GetUtcNow();
            var model = _slice.Pending;
            if (!model.InvitesByHash.TryGetValue(codeHash, out var invite) || !Secret.HashesEqual(invite.Hash, codeHash) || invite.ExpiresAt <= now)
            {
                throw new Failure(Errors.InviteInvalid, "the code is unknown, used, revoked or expired");
            }
            if (model.ByHandle.ContainsKey(handle))
            {
                throw new Failure(Errors.HandleTaken, $"somebody else is \"{handle}\"");
            }
            var account = new AccountRow(model.NextNumber, handle, displayName, invite.Role, now, Disabled: false);
            var token = new TokenRow(_ids.Next(), account.Number, tokenName, Secret.Hash(secret), AccountRules.ScopesOf(invite.Role), now, now + Limits.TokenTtl, null);
            changes.Insert(AccountRow.Collection, account);
            changes.Insert(TokenRow.Collection, token);
            changes.Delete(InviteRow.Collection, invite.Id);
            _slice.Pending = model.With(account).With(token).Without(invite);
            return (account, token, secret);
        }, cancel);
    }

    public IReadOnlyList<InviteRow> OpenInvites() =>
        [.. _slice.Current.InvitesByHash.Values.Where(i => i.ExpiresAt is null || i.ExpiresAt > _time.GetUtcNow()).OrderBy(i => i.Id, StringComparer.Ordinal)];

    /// <summary>Makes an invite. <paramref name="replaceServersOwn"/> withdraws the server's earlier ones, so that only one opens the door.</summary>
    public Task<(InviteRow Invite, string Code)> InviteAsync(string role, int? by, DateTimeOffset? expiresAt, bool replaceServersOwn, CancellationToken cancel)
    {
        var code = Secret.Make(Secret.InvitePrefix);
        return _database.CommitAsync(changes =>
        {
            var model = _slice.Pending;
            foreach (var old in model.InvitesByHash.Values.Where(i => (replaceServersOwn && i.CreatedBy is null) || i.ExpiresAt <= _time.GetUtcNow()))
            {
                changes.Delete(InviteRow.Collection, old.Id);
                model = model.Without(old);
            }
            var invite = new InviteRow(_ids.Next(), Secret.Hash(code), role, by, _time.GetUtcNow(), expiresAt);
            changes.Insert(InviteRow.Collection, invite);
            _slice.Pending = model.With(invite);
            return (invite, code);
        }, cancel);
    }

    /// <exception cref="Failure"><c>invite_not_found</c>.</exception>
    public Task RevokeInviteAsync(string id, CancellationToken cancel) => _database.CommitAsync(changes =>
    {
        var invite = _slice.Pending.InvitesByHash.Values.FirstOrDefault(i => i.Id == id) ?? throw new Failure(Errors.InviteNotFound, $"there is no open invite {id}");
        changes.Delete(InviteRow.Collection, id);
        _slice.Pending = _slice.Pending.Without(invite);
        return true;
    }, cancel);

    public bool IsOpenInvite(string code) => _slice.Current.InvitesByHash.ContainsKey(Secret.Hash(code));

    public IReadOnlyList<TokenRow> TokensOf(int account) =>
        [.. _slice.Current.TokensById.Values.Where(t => t.Account == account && t.ExpiresAt > _time.GetUtcNow()).OrderBy(t => t.Id, StringComparer.Ordinal)];

    public Task<(TokenRow Token, string Secret)> AddTokenAsync(int account, string name, string[] scopes, DateTimeOffset expiresAt, CancellationToken cancel)
    {
        var secret = Secret.Make(Secret.TokenPrefix);
        return _database.CommitAsync(changes =>
        {
            var token = new TokenRow(_ids.Next(), account, name, Secret.Hash(secret), scopes, _time.GetUtcNow(), expiresAt, null);
            changes.Insert(TokenRow.Collection, token);
            _slice.Pending = _slice.Pending.With(token);
            return (token, secret);
        }, cancel);
    }

    /// <exception cref="Failure"><c>token_not_found</c>, also for a token of another account.</exception>
    public Task RevokeTokenAsync(int account, string id, CancellationToken cancel) => _database.CommitAsync(changes =>
    {
        if (!_slice.Pending.TokensById.TryGetValue(id, out var token) || token.Account != account)
        {
            throw new Failure(Errors.TokenNotFound, $"you have no token {id}");
        }
        changes.Delete(TokenRow.Collection, id);
        _slice.Pending = _slice.Pending.Without(token);
        return true;
    }, cancel);
}
