using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Expiry and renewal of tokens. People's tokens renew with use, unless the host or their maker decided otherwise.</summary>
internal sealed partial class AccountStore
{
    private static readonly TimeSpan LastUseGrain = TimeSpan.FromMinutes(1);

    // A stream that is open for a year uses its token too, but nobody needs that to the minute.
    private static readonly TimeSpan StreamGrain = TimeSpan.FromDays(1),
        RenewalGrain = TimeSpan.FromDays(1);

    /// <summary>When a token expires, as far as is known now.</summary>
    public DateTimeOffset EndOf(TokenRow token) =>
        _options.TokenLifetime is { } life
        && token.CreatedAt + life is var end
        && end < token.ExpiresAt
        && _projection.Current.ByNumber.GetValueOrDefault(token.Account) is { } account
        && IsRenewable(token, account)
            ? end
            : token.ExpiresAt;

    /// <summary>Whether use renews it. A bot's token never renews: a pipeline's credential expires when it says so.</summary>
    public bool Renews(TokenRow token) =>
        _projection.Current.ByNumber.GetValueOrDefault(token.Account) is { } account && Renews(token, account);

    private bool Renews(TokenRow token, AccountRow account) => _options.TokenLifetime is null && IsRenewable(token, account);

    private static bool IsRenewable(TokenRow token, AccountRow account) => account.Role != Roles.Bot && (token.WholeRole || token.Renews);

    private bool IsOver(TokenRow token, DateTimeOffset now) => EndOf(token) <= now;

    /// <summary>Notes that an open stream uses its token.</summary>
    public void NoteStream(string tokenId)
    {
        if (_projection.Current.TokensById.TryGetValue(tokenId, out var token))
        {
            NoteUse(token, StreamGrain);
        }
    }

    /// <summary>Notes the use of a token, at most once per <paramref name="grain"/>, and renews it, at most once a day.</summary>
    private void NoteUse(TokenRow token, TimeSpan grain)
    {
        var now = WholeNow();
        if (token.LastUsedAt is { } last && now - last < grain)
        {
            return;
        }
        // Not awaited: no request should wait for this note, or fail because of it.
        _ = _database
            .CommitAsync(batch =>
            {
                if (
                    _projection.Pending.TokensById.TryGetValue(token.Id, out var row)
                    && (row.LastUsedAt is null || now - row.LastUsedAt >= grain)
                    && !IsOver(row, now)
                    && _projection.Pending.ByNumber.TryGetValue(row.Account, out var account)
                )
                {
                    var end = now + Limits.TokenTtl;
                    row = row with
                    {
                        LastUsedAt = now,
                        ExpiresAt = Renews(row, account) && end - row.ExpiresAt >= RenewalGrain ? end : row.ExpiresAt,
                    };
                    batch.Put(TokenRow.Collection, row);
                }
                return true;
            })
            .ContinueWith(
                t => Log.LastUseNotNoted(_log, t.Exception!.GetBaseException()),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
    }

    /// <summary>Inside a change: deletes an account's expired tokens, and checks the number of the others.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when the account has too many.</exception>
    private void MakeRoomForToken(WriteBatch batch, int account, DateTimeOffset now)
    {
        var tokens = _projection.Pending.TokensById.Values.Where(t => t.Account == account).ToLookup(t => IsOver(t, now));
        foreach (var over in tokens[true])
        {
            Delete(batch, over);
        }
        if (tokens[false].Count() is var count && count >= Limits.Tokens)
        {
            throw ApiProblem.Invalid(
                "name",
                $"would be one token too many: you have {count}, and the limit is {Limits.Tokens}; revoke some, or end all of them with an access link"
            );
        }
    }

    /// <summary>Tokens whose account should be warned now, and was not yet.</summary>
    public IReadOnlyList<TokenRow> EndingUnwarned()
    {
        var (now, model) = (_time.GetUtcNow(), _projection.Current);
        return
        [
            .. model.TokensById.Values.Where(token =>
                IsWarningDue(token, now)
                && model.ByNumber.GetValueOrDefault(token.Account) is { Disabled: false, Deleted: false }
                && !IsOver(token, now)
            ),
        ];
    }

    /// <summary>Warns of each token that expires soon.</summary>
    public async Task WarnAsync()
    {
        foreach (var token in EndingUnwarned())
        {
            await WarnAsync(token).ConfigureAwait(false);
        }
    }

    /// <summary>Warns of a token once for each expiry. The note is stored with the token, so that a restart does not warn again.</summary>
    private Task<bool> WarnAsync(TokenRow token) =>
        _database.CommitAsync(batch =>
        {
            if (
                _projection.Pending.TokensById.TryGetValue(token.Id, out var row)
                && IsWarningDue(row, _time.GetUtcNow())
                && _projection.Pending.ByNumber.TryGetValue(row.Account, out var account)
            )
            {
                row = row with { WarnedFor = EndOf(row) };
                batch.Put(TokenRow.Collection, row);
                batch.Raise(new TokenExpiring(account.Number, OthersToWarn(account), row.Id, _time.GetUtcNow()));
            }
            return true;
        });

    /// <summary>A bot reads no warnings, so owners and admins are warned of its tokens too.</summary>
    private int[] OthersToWarn(AccountRow account) =>
        account.Role == Roles.Bot ? [.. Active().Where(a => a.Role is Roles.Owner or Roles.Admin).Select(a => a.Number)] : [];

    /// <summary>Warns 30 days ahead, or in the last quarter of a shorter lifetime. Tokens that live only days get no warning.</summary>
    private bool IsWarningDue(TokenRow token, DateTimeOffset now)
    {
        var end = EndOf(token);
        var life = end - token.CreatedAt;
        return token.WarnedFor != end
            && life >= AccountRules.WarnedLife
            && now >= end - (life / 4 < Limits.TokenNotice ? life / 4 : Limits.TokenNotice);
    }
}
