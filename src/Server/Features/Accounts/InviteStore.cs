using StoriesCli.Contracts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Makes and revokes invites, and the accounts that join with them. Codes are shown once and stored as hashes.</summary>
internal sealed class InviteStore(
    AccountProjection projection,
    TokenExpiry expiry,
    TokenStore tokens,
    Database database,
    IdempotencyStore idempotency,
    AuditStore audit,
    Ids ids,
    TimeProvider time
) : IDeletesExpired
{
    /// <summary>Open invites, oldest first.</summary>
    public IReadOnlyList<InviteRow> Open() =>
        [
            .. projection
                .Current.InvitesByHash.Values.Where(i => !IsOver(projection.Current, i, time.GetUtcNow()))
                .OrderBy(i => i.Id, StringComparer.Ordinal),
        ];

    /// <summary>Whether a code is that of an unused invite.</summary>
    public bool IsOpen(string code) => projection.Current.InvitesByHash.ContainsKey(Secret.Hash(code));

    public InviteRow? Find(string id) => projection.Current.InvitesByHash.Values.FirstOrDefault(i => i.Id == id);

    /// <summary>Makes an invite for an account.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when the account has too many.</exception>
    public Task<(InviteRow Invite, string Code)> MakeAsync(
        CurrentAccount by,
        string role,
        DateTimeOffset expiresAt,
        IdempotentRequest repetition,
        CancellationToken cancel
    ) =>
        CommitAsync(
            batch =>
            {
                if (projection.Pending.InvitesByHash.Values.Count(i => i.CreatedBy == by.Number) is var count && count >= Limits.Invites)
                {
                    throw ApiProblem.Invalid(
                        "body",
                        $"would be one open invite too many: you have {count}, and the limit is {Limits.Invites}; withdraw some"
                    );
                }
                var invite = Insert(batch, role, by, expiresAt, out var code);
                audit.Note(batch, by.Handle, AuditActions.InviteMade, invite.Id, role);
                idempotency.Remember(batch, repetition, StatusCodes.Status201Created, invite.Id);
                return (invite, code);
            },
            cancel
        );

    /// <summary>Makes the server's own invite for an owner, which does not expire, and revokes the previous one.</summary>
    public Task<(InviteRow Invite, string Code)> MakeForOwnerAsync(CancellationToken cancel) =>
        CommitAsync(
            batch =>
            {
                foreach (var old in projection.Pending.InvitesByHash.Values.Where(i => i.CreatedBy is null))
                {
                    batch.Delete(InviteRow.Collection, old);
                }
                var invite = Insert(batch, Roles.Owner, by: null, expiresAt: null, out var code);
                audit.Note(batch, actor: null, AuditActions.InviteMade, invite.Id, Roles.Owner);
                return (invite, code);
            },
            cancel
        );

    private Task<(InviteRow Invite, string Code)> CommitAsync(
        Func<WriteBatch, (InviteRow Invite, string Code)> make,
        CancellationToken cancel
    ) =>
        database.CommitAsync(
            batch =>
            {
                foreach (var over in projection.Pending.InvitesByHash.Values.Where(i => IsOver(projection.Pending, i, time.GetUtcNow())))
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
        var invite = new InviteRow(ids.Next(), Secret.Hash(code), role, by?.Number, time.GetUtcNow(), expiresAt, by?.TokenId);
        batch.Insert(InviteRow.Collection, invite);
        return invite;
    }

    /// <exception cref="ApiProblem"><c>invite_not_found</c>.</exception>
    public Task RevokeAsync(CurrentAccount by, string id, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                var invite =
                    projection.Pending.InvitesByHash.Values.FirstOrDefault(i => i.Id == id)
                    ?? throw new ApiProblem(Errors.InviteNotFound, $"there is no open invite {Excerpt.Of(id)}");
                AccountRules.InvitedRole(invite.Role, by.Role);
                batch.Delete(InviteRow.Collection, invite);
                audit.Note(batch, by.Handle, AuditActions.InviteRevoked, id);
                return true;
            },
            cancel
        );

    /// <summary>Makes an account from an invite, which works only once.</summary>
    /// <exception cref="ApiProblem"><c>invite_invalid</c>, <c>handle_taken</c>.</exception>
    public Task<(AccountRow Account, TokenRow Token, string Secret)> JoinAsync(
        string code,
        string handle,
        string displayName,
        string tokenName,
        CancellationToken cancel
    )
    {
        var codeHash = Secret.Hash(code);
        return database.CommitAsync(
            batch =>
            {
                var now = time.GetWholeMilliseconds();
                var model = projection.Pending;
                if (
                    !model.InvitesByHash.TryGetValue(codeHash, out var invite)
                    || !Secret.HashesEqual(invite.Hash, codeHash)
                    || invite.ExpiresAt <= now
                    || !IsBacked(model, invite)
                )
                {
                    throw new ApiProblem(Errors.InviteInvalid, "the code is unknown, used, revoked or expired");
                }
                if (model.ByHandle.ContainsKey(handle))
                {
                    throw new ApiProblem(Errors.HandleTaken, $"\"{handle}\" is somebody's, or was used before by somebody who left");
                }
                var account = new AccountRow(model.NextNumber, handle, displayName, invite.Role, now, Disabled: false);
                batch.Insert(AccountRow.Collection, account);
                var (token, secret) = tokens.MakeFullAccess(batch, account, tokenName, now);
                batch.Delete(InviteRow.Collection, invite);
                audit.Note(batch, handle, AuditActions.Joined, handle, $"{invite.Role}, with invite {invite.Id}");
                return (account, token, secret);
            },
            cancel
        );
    }

    public Task DeleteExpiredAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return database.ForEachInCommitsAsync(
            projection.Current.InvitesByHash.Values.Where(invite => invite.ExpiresAt <= now).ToList(),
            (batch, over) =>
            {
                if (projection.Pending.InvitesByHash.TryGetValue(over.Hash, out var invite))
                {
                    batch.Delete(InviteRow.Collection, invite);
                }
            },
            cancel
        );
    }

    private bool IsOver(AccountModel model, InviteRow invite, DateTimeOffset now) =>
        invite.ExpiresAt <= now || !expiry.IsHeld(model, invite.Token);

    /// <summary>Whether the invite's maker could still make it. A maker who was disabled, demoted or signed out since lets nobody in.</summary>
    private bool IsBacked(AccountModel model, InviteRow invite) =>
        invite.CreatedBy is not { } by
        || (
            expiry.IsHeld(model, invite.Token)
            && model.ByNumber[by] is { Disabled: false, Deleted: false } maker
            && AccountRules.Covers(maker.Role, invite.Role)
        );
}
