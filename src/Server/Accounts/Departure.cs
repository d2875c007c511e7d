using StoriesCli.Server.Audit;
using StoriesCli.Server.Circles;
using StoriesCli.Server.Conversation;
using StoriesCli.Server.Feeds;
using StoriesCli.Server.Http;
using StoriesCli.Server.Media;
using StoriesCli.Server.Mutes;
using StoriesCli.Server.Questions;
using StoriesCli.Server.Reports;
using StoriesCli.Server.Shares;
using StoriesCli.Server.Stories;
using StoriesCli.Server.Webhooks;

namespace StoriesCli.Server.Accounts;

/// <summary>Removes what an account leaves behind when it ends. A stop in between is made up for at the next start.</summary>
internal sealed class Departure(
    AccountStore accounts,
    StoryStore stories,
    ThreadStore threads,
    CircleStore circles,
    MuteStore mutes,
    ReportStore reports,
    QuestionStore questions,
    ShareStore shares,
    FeedStore feeds,
    WebhookStore webhooks,
    IdempotencyStore idempotency,
    AuditStore audit,
    MediaFolder folder,
    ILogger<Departure> log
)
{
    private const int AtOnce = 64;

    /// <summary>Ends the account; on return nothing of it is left but its handle, which stays taken.</summary>
    /// <exception cref="Failure"><c>account_not_found</c>, <c>role_missing</c>, <c>last_owner</c>.</exception>
    public async Task EndAsync(CurrentAccount by, string handle, CancellationToken cancel) =>
        // From here on it is finished whether the caller waits for it or not.
        await ClearAsync(await accounts.EndAsync(by, handle, cancel).ConfigureAwait(false)).ConfigureAwait(false);

    public async Task ResumeAsync()
    {
        foreach (var account in accounts.Leaving())
        {
            try
            {
                await ClearAsync(account).ConfigureAwait(false);
            }
            catch (Failure failure)
            {
                // One account that cannot be cleared is no reason to serve nobody.
                Log.NotCleared(log, failure, account.Handle);
            }
        }
    }

    private async Task ClearAsync(AccountRow account)
    {
        await webhooks.ForgetAsync(account.Number).ConfigureAwait(false);
        while (await stories.BuryOfAsync(account.Number, AtOnce).ConfigureAwait(false) is { Count: > 0 } buried)
        {
            buried.ForEach(folder.Delete);
        }
        await stories.ForgetViewerAsync(account.Number).ConfigureAwait(false);
        await threads.ForgetAsync(account.Number).ConfigureAwait(false);
        await threads.ForgetOverAsync(id => stories.IsBy(account.Number, id), CancellationToken.None).ConfigureAwait(false);
        await circles.ForgetAsync(account.Number).ConfigureAwait(false);
        await mutes.ForgetAsync(account.Number).ConfigureAwait(false);
        await reports.ForgetAsync(account.Number).ConfigureAwait(false);
        await questions.ForgetAsync(account.Number).ConfigureAwait(false);
        await shares.ForgetAsync(account.Number).ConfigureAwait(false);
        await feeds.ForgetAsync(account.Number).ConfigureAwait(false);
        await idempotency.ForgetAsync(account.Number).ConfigureAwait(false);
        await audit.ForgetNamesAsync(account.Handle).ConfigureAwait(false);
        await accounts.MarkClearedAsync(account.Number).ConfigureAwait(false);
    }
}
