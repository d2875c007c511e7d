using System.Diagnostics.CodeAnalysis;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Owns the rows of accounts, tokens and invites. Handles signing in and joining.</summary>
internal sealed partial class AccountStore
{
    private readonly Database _database;
    private readonly Projection<AccountModel> _projection;
    private readonly IdempotencyStore _idempotency;
    private readonly AuditStore _audit;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly ServerOptions _options;
    private readonly ILogger<AccountStore> _log;

    public AccountStore(
        Database database,
        IdempotencyStore idempotency,
        AuditStore audit,
        Ids ids,
        TimeProvider time,
        ServerOptions options,
        ILogger<AccountStore> log
    )
    {
        _database = database;
        _idempotency = idempotency;
        _audit = audit;
        _ids = ids;
        _time = time;
        _options = options;
        _log = log;
        _projection = database
            .Project(AccountModel.Empty)
            .On(
                AccountRow.Collection,
                (model, row) => model.With(row),
                (_, row) => throw new NotSupportedException($"{row.Handle} stays taken: a row of an account is never deleted")
            )
            .On(TokenRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
            .On(InviteRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
            .On(AccessRow.Collection, (model, row) => model.With(row), (model, row) => model.Without(row))
            .CompletedBy(
                (model, rows) => model.WithLost([.. new Quarantine(rows.All(QuarantineRow.Collection)).IdsOf(AccountRow.Collection)])
            );
    }

    public bool IsEmpty => _projection.Current.ByHandle.IsEmpty;

    /// <summary>The account, disabled or not, unless it was deleted.</summary>
    public TeamAccount? Find(string handle) => FindRow(handle);

    public TeamAccount? Find(int number) => FindRow(number);

    internal AccountRow? FindRow(string handle) => _projection.Current.Find(handle);

    internal AccountRow? FindRow(int number) =>
        _projection.Current.ByNumber.GetValueOrDefault(number) is { Deleted: false } row ? row : null;

    /// <summary>The person of an account. A deleted account has no name.</summary>
    public Person GetPerson(int number) => Find(number)?.ToPerson() ?? new Person { Handle = "left", DisplayName = "Left" };

    public IReadOnlyList<TeamAccount> Active() => [.. All().Where(a => !a.Disabled)];

    /// <summary>Accounts that were not deleted, by handle.</summary>
    public IReadOnlyList<TeamAccount> All() =>
        [.. _projection.Current.ByHandle.Values.Where(a => !a.Deleted).OrderBy(a => a.Handle, StringComparer.Ordinal)];

    /// <summary>Finds the account of a secret, if that is valid now.</summary>
    public bool TrySignIn(string secret, [NotNullWhen(true)] out CurrentAccount? account)
    {
        account = null;
        var hash = Secret.Hash(secret);
        var model = _projection.Current;
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
    public CurrentAccount? FindLive(string tokenId) =>
        _projection.Current is var model && model.TokensById.TryGetValue(tokenId, out var token) ? Live(model, token) : null;

    private CurrentAccount? Live(AccountModel model, TokenRow token) =>
        !IsOver(token, _time.GetUtcNow())
        && model.ByNumber.TryGetValue(token.Account, out var row)
        && row is { Disabled: false, Deleted: false }
            ? new(row.Number, row.Handle, row.Role, token.Id, ScopesOf(token, row), EndOf(token), Renews(token, row))
            : null;

    private static string[] ScopesOf(TokenRow token, AccountRow account) =>
        token.WholeRole ? AccountRules.ScopesOf(account.Role) : token.Scopes;

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
        var secret = Secret.Make(Secret.TokenPrefix);
        var codeHash = Secret.Hash(code);
        return _database.CommitAsync(
            batch =>
            {
                var now = WholeNow();
                var model = _projection.Pending;
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
                var token = new TokenRow(
                    _ids.Next(),
                    account.Number,
                    tokenName,
                    Secret.Hash(secret),
                    AccountRules.ScopesOf(invite.Role),
                    now,
                    now + (_options.TokenLifetime ?? Limits.TokenTtl),
                    null,
                    WholeRole: true
                );
                batch.Insert(AccountRow.Collection, account);
                batch.Insert(TokenRow.Collection, token);
                batch.Delete(InviteRow.Collection, invite);
                _audit.Note(batch, handle, AuditActions.Joined, handle, $"{invite.Role}, with invite {invite.Id}");
                return (account, token, secret);
            },
            cancel
        );
    }

    /// <summary>Whether the token exists with which an invite or access link was made. Otherwise these would outlive it.</summary>
    private bool IsHeld(AccountModel model, string? tokenId) =>
        tokenId is null || (model.TokensById.TryGetValue(tokenId, out var token) && !IsOver(token, _time.GetUtcNow()));

    /// <summary>Whether the invite's maker could still make it. A maker who was disabled, demoted or signed out since lets nobody in.</summary>
    private bool IsBacked(AccountModel model, InviteRow invite) =>
        invite.CreatedBy is not { } by
        || (
            IsHeld(model, invite.Token)
            && model.ByNumber[by] is { Disabled: false, Deleted: false } maker
            && AccountRules.Covers(maker.Role, invite.Role)
        );
}
