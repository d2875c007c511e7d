using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions.Account;

/// <summary>The settings of the account, and what it has besides its stories. Each line has a file of its own.</summary>
internal sealed class AccountMenu() : TuiAction("account and settings", null, new ActionKey("settings", ","))
{
    public override bool Applies(Model model) => model.Link.Connection != Connection.SignedOut;

    protected override Model Start(Model model) => ListDialog.Load(model, "Your settings", new Load());

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new Loaded(await context.Client.Accounts.GetMeAsync(stop).ConfigureAwait(false));
    }

    public sealed record Loaded(Contracts.Account Account) : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            awaited && model.Dialog is ListDialog list
                ? model with
                {
                    Dialog = list with
                    {
                        All = [.. ProfileSettings.Choices(Account), .. Choices(Account)],
                        Filter = "",
                        Command = null,
                        Error = null,
                    },
                }
                : model.Notify(
                    Account.Archive ? "What of yours expires from now on is archived, for you alone." : "The archive is off, and empty."
                );
    }

    public static IEnumerable<Choice> Choices(Contracts.Account account) =>
        [
            Shares.Choice,
            Feeds.Choice,
            Circles.Choice,
            DeletedStory.Choice,
            .. account.Role is Roles.Owner or Roles.Admin ? (Choice[])[Reports.Choice, Webhooks.Choice] : [],
            LeaveServer.Choice,
        ];
}
