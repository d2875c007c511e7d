using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>When tokens expire. People's tokens renew with use, unless the host or their maker decided otherwise.</summary>
internal sealed class TokenExpiry(AccountProjection projection, ServerOptions options, TimeProvider time)
{
    /// <summary>When a token expires, as far as is known now.</summary>
    public DateTimeOffset ExpiryOf(TokenRow token) =>
        options.TokenLifetime is { } life
        && token.CreatedAt + life is var end
        && end < token.ExpiresAt
        && projection.Current.ByNumber.GetValueOrDefault(token.Account) is { } account
        && IsRenewable(token, account)
            ? end
            : token.ExpiresAt;

    /// <summary>When a full-access token that is made now will expire.</summary>
    public DateTimeOffset ExpiryOfNew(DateTimeOffset now) => now + (options.TokenLifetime ?? Limits.TokenTtl);

    public bool HasExpired(TokenRow token, DateTimeOffset now) => ExpiryOf(token) <= now;

    /// <summary>Whether use renews it. A bot's token never renews: a pipeline's credential expires when it says so.</summary>
    public bool Renews(TokenRow token) =>
        projection.Current.ByNumber.GetValueOrDefault(token.Account) is { } account && Renews(token, account);

    public bool Renews(TokenRow token, AccountRow account) => options.TokenLifetime is null && IsRenewable(token, account);

    /// <summary>Whether the token that made an invite or access link still works. An invite must not outlive its token.</summary>
    /// <param name="model">The committed or the pending model.</param>
    /// <param name="tokenId">Id of the token; null for the host's, which needs none.</param>
    public bool IsHeld(AccountModel model, string? tokenId) =>
        tokenId is null || (model.TokensById.TryGetValue(tokenId, out var token) && !HasExpired(token, time.GetUtcNow()));

    private static bool IsRenewable(TokenRow token, AccountRow account) => account.Role != Roles.Bot && (token.WholeRole || token.Renews);
}
