using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Accounts;

/// <summary>Lets go of tokens, invites and access links that ended.</summary>
internal sealed partial class AccountStore : IForgets
{
    // Until then a host who looks into why somebody cannot sign in finds the token.
    private static readonly TimeSpan EndedTokensKept = TimeSpan.FromDays(30);

    public async Task ForgetOverAsync(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        await _database.ForgetAsync(
            _slice.Current.TokensById.Values.Where(token => IsForgettable(token, now)).ToList(),
            (changes, over) =>
            {
                // It may have been renewed meanwhile.
                if (_slice.Pending.TokensById.TryGetValue(over.Id, out var token) && IsForgettable(token, now))
                {
                    changes.Delete(TokenRow.Collection, token);
                }
            },
            cancel).ConfigureAwait(false);
        await _database.ForgetAsync(
            _slice.Current.InvitesByHash.Values.Where(invite => invite.ExpiresAt <= now).ToList(),
            (changes, over) =>
            {
                if (_slice.Pending.InvitesByHash.TryGetValue(over.Hash, out var invite))
                {
                    changes.Delete(InviteRow.Collection, invite);
                }
            },
            cancel).ConfigureAwait(false);
        await _database.ForgetAsync(
            _slice.Current.AccessById.Values.Where(access => access.ExpiresAt <= now).ToList(),
            (changes, over) => DropAccess(changes, access => access.Id == over.Id),
            cancel).ConfigureAwait(false);
    }

    private static bool IsForgettable(TokenRow token, DateTimeOffset now) => token.ExpiresAt + EndedTokensKept <= now;
}
