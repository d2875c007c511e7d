using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Warns accounts of tokens that expire soon.</summary>
internal sealed class TokenWarnings(
    AccountProjection projection,
    TokenExpiry expiry,
    AccountStore accounts,
    Database database,
    TimeProvider time
)
{
    /// <summary>Warns of each token that expires soon.</summary>
    public async Task WarnAsync()
    {
        foreach (var token in database.Role.IsWriter ? Due() : [])
        {
            await WarnAsync(token).ConfigureAwait(false);
        }
    }

    /// <summary>Tokens whose account should be warned now, and was not yet.</summary>
    private TokenRow[] Due()
    {
        var (now, model) = (time.GetUtcNow(), projection.Current);
        return
        [
            .. model.TokensById.Values.Where(token =>
                IsDue(token, now)
                && model.ByNumber.GetValueOrDefault(token.Account) is { Disabled: false, Deleted: false }
                && !expiry.HasExpired(token, now)
            ),
        ];
    }

    /// <summary>Warns of a token once for each expiry. The note is stored with the token, so that a restart does not warn again.</summary>
    private Task<bool> WarnAsync(TokenRow token) =>
        database.CommitAsync(batch =>
        {
            if (
                projection.Pending.TokensById.TryGetValue(token.Id, out var row)
                && IsDue(row, time.GetUtcNow())
                && projection.Pending.ByNumber.TryGetValue(row.Account, out var account)
            )
            {
                row = row with { WarnedFor = expiry.ExpiryOf(row) };
                batch.Put(TokenRow.Collection, row);
                batch.Raise(new TokenExpiring(account.Number, OthersToWarn(account), row.Id, time.GetUtcNow()));
            }
            return true;
        });

    /// <summary>A bot reads no warnings, so owners and admins are warned of its tokens too.</summary>
    private int[] OthersToWarn(AccountRow account) =>
        account.Role == Roles.Bot ? [.. accounts.Active().Where(a => a.Role is Roles.Owner or Roles.Admin).Select(a => a.Number)] : [];

    /// <summary>Warns 30 days ahead, or in the last quarter of a shorter lifetime. Tokens that live only days get no warning.</summary>
    private bool IsDue(TokenRow token, DateTimeOffset now)
    {
        var end = expiry.ExpiryOf(token);
        var life = end - token.CreatedAt;
        return token.WarnedFor != end
            && life >= AccountRules.WarnedLife
            && now >= end - (life / 4 < Limits.TokenNotice ? life / 4 : Limits.TokenNotice);
    }
}
