using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions.Account;

/// <summary>Private viewing and the archive, on and off.</summary>
internal static class ProfileSettings
{
    public static IEnumerable<Choice> Choices(Contracts.Account account) =>
        [
            new(
                $"Look privately: {OnOff(account.PrivateViewing)}",
                account.PrivateViewing ? "authors learn that somebody looked, not who" : "authors learn that you have seen their stories",
                new DialogMsg.Run(new Change(new() { PrivateViewing = !account.PrivateViewing }))
            ),
            new(
                $"Archive: {OnOff(account.Archive)}",
                account.Archive ? "what of yours expires stays for you alone, for 90 days" : "what of yours expires is gone",
                account.Archive
                    ? new DialogMsg.Open(
                        new ConfirmDialog(
                            "Switch the archive off?",
                            "Everything in it is deleted at once.",
                            new Change(new() { Archive = false })
                        )
                        {
                            IsDestructive = true,
                        }
                    )
                    : new DialogMsg.Run(new Change(new() { Archive = true }))
            ),
        ];

    private static string OnOff(bool on) => on ? "on" : "off";

    public sealed record Change(ProfileChange Profile) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new AccountMenu.Loaded(await context.Client.Accounts.ChangeMeAsync(Profile, stop).ConfigureAwait(false));
    }
}
