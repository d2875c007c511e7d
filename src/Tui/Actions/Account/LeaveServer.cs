using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions.Account;

/// <summary>Deletes the account, after asking.</summary>
internal static class LeaveServer
{
    public static Choice Choice { get; } =
        new(
            "Leave this server",
            "asks first",
            new DialogMsg.Open(
                new ConfirmDialog(
                    "Leave, and have all that is yours deleted?",
                    "Stories, archive, highlights, replies, reactions, votes, acknowledgements, circles, tokens, feeds, shares and webhooks go at once, for good. Your handle stays taken.",
                    new Leave()
                )
                {
                    IsDestructive = true,
                }
            )
        );

    public sealed record Leave : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            await context.Client.Accounts.LeaveAsync(stop).ConfigureAwait(false);
            context.Options.AccountDeleted?.Invoke();
            return new Left();
        }
    }

    public sealed record Left : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            model with
            {
                Tray = model.Tray with { Places = [], Open = null },
                ShownId = null,
                Link = model.Link with { Connection = Connection.SignedOut, Error = "you have left" },
                Dialog = new MessageDialog(
                    "You have left.",
                    "Everything of yours on this server is deleted, and its token here is forgotten."
                ),
            };
    }
}
