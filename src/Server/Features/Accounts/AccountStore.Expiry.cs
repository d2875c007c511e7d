using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Deletes expired tokens, invites and access links.</summary>
internal sealed partial class AccountStore : IDeletesExpired
{
    // Until then, a host who finds out why somebody cannot sign in can see the token.
    private static readonly TimeSpan EndedTokensKept = TimeSpan.FromDays(30);

    public async Task DeleteExpiredAsync(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        await _database
            .ForEachInCommitsAsync(
                _projection.Current.TokensById.Values.Where(token => IsForgettable(token, now)).ToList(),
                (batch, over) =>
                {
                    // It may have been renewed meanwhile.
                    if (_projection.Pending.TokensById.TryGetValue(over.Id, out var token) && IsForgettable(token, now))
                    {
                        batch.Delete(TokenRow.Collection, token);
                    }
                },
                cancel
            )
            .ConfigureAwait(false);
        await _database
            .ForEachInCommitsAsync(
                _projection.Current.InvitesByHash.Values.Where(invite => invite.ExpiresAt <= now).ToList(),
                (batch, over) =>
                {
                    if (_projection.Pending.InvitesByHash.TryGetValue(over.Hash, out var invite))
                    {
                        batch.Delete(InviteRow.Collection, invite);
                    }
                },
                cancel
            )
            .ConfigureAwait(false);
        await _database
            .ForEachInCommitsAsync(
                _projection.Current.AccessById.Values.Where(access => access.ExpiresAt <= now).ToList(),
                (batch, over) => DropAccess(batch, access => access.Id == over.Id),
                cancel
            )
            .ConfigureAwait(false);
    }

    private static bool IsForgettable(TokenRow token, DateTimeOffset now) => token.ExpiresAt + EndedTokensKept <= now;
}
