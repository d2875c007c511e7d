using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Invites and tokens. Their secrets are shown once and stored as hashes.</summary>
internal sealed partial class AccountStore
{
    public IReadOnlyList<InviteRow> OpenInvites() =>
        [
            .. _projection
                .Current.InvitesByHash.Values.Where(i => !IsOver(_projection.Current, i, _time.GetUtcNow()))
                .OrderBy(i => i.Id, StringComparer.Ordinal),
        ];

    private bool IsOver(AccountModel model, InviteRow invite, DateTimeOffset now) =>
        invite.ExpiresAt <= now || !IsHeld(model, invite.Token);

    /// <summary>Makes an invite for an account.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when the account has too many.</exception>
    public Task<(InviteRow Invite, string Code)> InviteAsync(
        CurrentAccount by,
        string role,
        DateTimeOffset expiresAt,
        IdempotentRequest repetition,
        CancellationToken cancel
    ) =>
        CommitInviteAsync(
            batch =>
            {
                if (_projection.Pending.InvitesByHash.Values.Count(i => i.CreatedBy == by.Number) is var count && count >= Limits.Invites)
                {
                    throw ApiProblem.Invalid(
                        "body",
                        $"would be one open invite too many: you have {count}, and the limit is {Limits.Invites}; withdraw some"
                    );
                }
                var invite = Insert(batch, role, by, expiresAt, out var code);
                _audit.Note(batch, by.Handle, AuditActions.InviteMade, invite.Id, role);
                _idempotency.Remember(batch, repetition, StatusCodes.Status201Created, invite.Id);
                return (invite, code);
            },
            cancel
        );

    /// <summary>Makes the server's own invite for an owner, which does not expire, and revokes the previous one.</summary>
    public Task<(InviteRow Invite, string Code)> InviteOwnerAsync(CancellationToken cancel) =>
        CommitInviteAsync(
            batch =>
            {
                foreach (var old in _projection.Pending.InvitesByHash.Values.Where(i => i.CreatedBy is null))
                {
                    batch.Delete(InviteRow.Collection, old);
                }
                var invite = Insert(batch, Roles.Owner, by: null, expiresAt: null, out var code);
                _audit.Note(batch, actor: null, AuditActions.InviteMade, invite.Id, Roles.Owner);
                return (invite, code);
            },
            cancel
        );

    private Task<(InviteRow Invite, string Code)> CommitInviteAsync(
        Func<WriteBatch, (InviteRow Invite, string Code)> make,
        CancellationToken cancel
    ) =>
        _database.CommitAsync(
            batch =>
            {
                foreach (var over in _projection.Pending.InvitesByHash.Values.Where(i => IsOver(_projection.Pending, i, _time.GetUtcNow())))
                {
                    batch.Delete(InviteRow.Collection, over);
                }
                return make(batch);
            },
            cancel
        );

    private InviteRow Insert(WriteBatch batch, string role, CurrentAccount? by, DateTimeOffset? expiresAt, out string code)
    {
        code = Secret.Make(Secret.InvitePrefix);
        var invite = new InviteRow(_ids.Next(), Secret.Hash(code), role, by?.Number, _time.GetUtcNow(), expiresAt, by?.TokenId);
        batch.Insert(InviteRow.Collection, invite);
        return invite;
    }

    /// <exception cref="ApiProblem"><c>invite_not_found</c>.</exception>
    public Task RevokeInviteAsync(CurrentAccount by, string id, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var invite =
                    _projection.Pending.InvitesByHash.Values.FirstOrDefault(i => i.Id == id)
                    ?? throw new ApiProblem(Errors.InviteNotFound, $"there is no open invite {Excerpt.Of(id)}");
                AccountRules.InvitedRole(invite.Role, by.Role);
                batch.Delete(InviteRow.Collection, invite);
                _audit.Note(batch, by.Handle, AuditActions.InviteRevoked, id);
                return true;
            },
            cancel
        );

    public bool IsOpenInvite(string code) => _projection.Current.InvitesByHash.ContainsKey(Secret.Hash(code));

    public InviteRow? FindInvite(string id) => _projection.Current.InvitesByHash.Values.FirstOrDefault(i => i.Id == id);

    public IReadOnlyList<TokenRow> TokensOf(int account) =>
        [
            .. _projection
                .Current.TokensById.Values.Where(t => t.Account == account && !IsOver(t, _time.GetUtcNow()))
                .OrderBy(t => t.Id, StringComparer.Ordinal),
        ];

    /// <summary>A token, as other features see it; null when there is none.</summary>
    public TokenSummary? FindTokenSummary(string id) =>
        FindToken(id) is { } token ? new(token.Id, token.Name, token.Account, EndOf(token)) : null;

    public TokenRow? FindToken(string id) => _projection.Current.TokensById.GetValueOrDefault(id);

    /// <summary>Scopes that a token has now.</summary>
    public string[] ScopesOf(TokenRow token) => FindRow(token.Account) is { } account ? ScopesOf(token, account) : [];

    /// <param name="by">Account and token that make it.</param>
    /// <param name="name">Name of the new token.</param>
    /// <param name="scopes">Scopes of the new token.</param>
    /// <param name="expiresAt">When it expires; null to expire and renew as the caller's token does.</param>
    /// <param name="repetition">The request, for repetitions.</param>
    /// <param name="cancel">Cancels only while waiting for its turn.</param>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when the account has too many.</exception>
    public Task<(TokenRow Token, string Secret)> AddTokenAsync(
        CurrentAccount by,
        string name,
        string[] scopes,
        DateTimeOffset? expiresAt,
        IdempotentRequest repetition,
        CancellationToken cancel
    )
    {
        var secret = Secret.Make(Secret.TokenPrefix);
        return _database.CommitAsync(
            batch =>
            {
                var now = WholeNow();
                VerifyActive(by.Number);
                MakeRoomForToken(batch, by.Number, now);
                var token = new TokenRow(
                    _ids.Next(),
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
                _audit.Note(batch, by.Handle, AuditActions.TokenMade, token.Id, $"\"{name}\" for {string.Join(", ", scopes)}");
                _idempotency.Remember(batch, repetition, StatusCodes.Status201Created, token.Id);
                return (token, secret);
            },
            cancel
        );
    }

    /// <exception cref="ApiProblem"><c>token_not_found</c>, also for a token of another account.</exception>
    public Task RevokeTokenAsync(CurrentAccount by, string id, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                if (!_projection.Pending.TokensById.TryGetValue(id, out var token) || token.Account != by.Number)
                {
                    throw new ApiProblem(Errors.TokenNotFound, $"you have no token {Excerpt.Of(id)}");
                }
                Delete(batch, token);
                _audit.Note(batch, by.Handle, AuditActions.TokenRevoked, id, $"\"{token.Name}\"");
                return true;
            },
            cancel
        );

    /// <summary>Deletes a token with the invites and access links that it made.</summary>
    private void Delete(WriteBatch batch, TokenRow token)
    {
        batch.Delete(TokenRow.Collection, token);
        DropAccess(batch, access => access.Token == token.Id);
        foreach (var invite in _projection.Pending.InvitesByHash.Values.Where(i => i.Token == token.Id))
        {
            batch.Delete(InviteRow.Collection, invite);
        }
    }
}
