using StoriesCli.Contracts;
using StoriesCli.Server.Events;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Accounts;

/// <summary>Tells people what concerns their way in: that somebody opened it, and that a token of theirs ends.</summary>
internal sealed class AccountNotices(AccountStore accounts, EventFeed feed, TimeProvider time)
{
    /// <inheritdoc cref="AccountStore.GiveAccessAsync"/>
    public Task<(AccessRow Access, string Code)> GiveAccessAsync(
        CurrentAccount? by,
        string handle,
        Repetition? repetition,
        CancellationToken cancel
    ) =>
        accounts.GiveAccessAsync(
            by,
            handle,
            repetition,
            (batch, account) =>
                feed.Announce(
                    batch,
                    new()
                    {
                        Type = EventTypes.AccessGiven,
                        At = time.GetUtcNow(),
                        StoryId = "",
                        Author = account.Number,
                        Person = by?.Number,
                    }
                ),
            cancel
        );

    /// <summary>Warns of each token that ends soon, once. A bot reads no warnings: owners and admins are told of its tokens too.</summary>
    public async Task WarnAsync()
    {
        foreach (var token in accounts.EndingUnwarned())
        {
            await accounts
                .WarnAsync(
                    token,
                    (batch, row, owner) =>
                        feed.Announce(
                            batch,
                            new()
                            {
                                Type = EventTypes.TokenExpiring,
                                At = time.GetUtcNow(),
                                StoryId = "",
                                Author = owner.Number,
                                Audience =
                                    owner.Role == Roles.Bot
                                        ? [.. accounts.Active().Where(a => a.Role is Roles.Owner or Roles.Admin).Select(a => a.Number)]
                                        : [],
                                TokenId = row.Id,
                            }
                        )
                )
                .ConfigureAwait(false);
        }
    }
}
