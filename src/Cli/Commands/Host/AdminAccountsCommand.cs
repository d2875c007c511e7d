using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Host;

internal static class AdminAccountsCommand
{
    private static readonly string[] Headers = ["handle", "role", "state", "used", "name"];

    public static StoriesCommand Make(Runner runner)
    {
        var handle = new Argument<string?>("HANDLE") { Arity = ArgumentArity.ZeroOrOne, Description = "Only this account." };
        var role = new Option<string?>("--role")
        {
            HelpName = "ROLE",
            Description = "Set the role: owner, admin, member or bot, no higher than yours.",
        };
        var disable = new Option<bool>("--disable") { Description = "Disable the account: its tokens, streams and links stop working." };
        var enable = new Option<bool>("--enable") { Description = "Enable a disabled account again." };
        var delete = new Option<bool>("--delete")
        {
            Description = "Delete the account and everything it owns. Asks on a terminal; otherwise needs --yes.",
        };
        var yes = new Option<bool>("--yes") { Description = "Delete without asking." };
        yes.Aliases.Add("-y");
        var command = new StoriesCommand("accounts", "List accounts, or change one.") { handle, role, disable, enable, delete, yes }.With(
            [
                "stories admin accounts",
                "stories admin accounts bob --role admin",
                "stories admin accounts eve --disable",
                "stories admin accounts access bob",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.Validators.Add(given =>
        {
            if (given.GetValue(disable) && given.GetValue(enable))
            {
                given.AddError("--disable and --enable exclude each other.");
            }
            if (
                given.GetValue(handle) is null
                && (given.GetValue(role) is not null || given.GetValue(disable) || given.GetValue(enable) || given.GetValue(delete))
            )
            {
                given.AddError("Name the account to change.");
            }
        });
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    if (parsed.GetValue(handle) is not { } named)
                    {
                        Listing.Print(
                            session,
                            await session.Api.Admin.ListAccountsAsync(cancel).ConfigureAwait(false),
                            Headers,
                            it => it.Handle,
                            it => ToRow(session, it)
                        );
                        return ExitCode.Done;
                    }
                    var who = Handles.Check(named);
                    if (parsed.GetValue(delete))
                    {
                        return await DeleteAsync(session, who, parsed.GetValue(yes), cancel).ConfigureAwait(false);
                    }
                    var change = new AccountChange
                    {
                        Role = parsed.GetValue(role),
                        Disabled =
                            parsed.GetValue(disable) ? true
                            : parsed.GetValue(enable) ? false
                            : null,
                    };
                    var account =
                        change == new AccountChange()
                            ? await session.Api.Admin.GetAccountAsync(who, cancel).ConfigureAwait(false)
                            : await session.Api.Admin.ChangeAccountAsync(who, change, cancel).ConfigureAwait(false);
                    Listing.PrintOne(session, account, Headers, it => it.Handle, it => ToRow(session, it));
                    return ExitCode.Done;
                }
            )
        );
        command.Subcommands.Add(MakeAccess(runner));
        return command;
    }

    private static StoriesCommand MakeAccess(Runner runner)
    {
        var handle = new Argument<string>("HANDLE") { Description = "An existing account." };
        var command = new StoriesCommand(
            "access",
            "Let somebody back into their account: create a one-time access link, valid for one hour. It is shown only once."
        )
        {
            handle,
        }.With(
            ["stories admin accounts access bob", "link=$(stories admin accounts access bob --quiet)"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var who = Handles.Check(parsed.GetRequiredValue(handle));
                    var made = await session.Api.Admin.GiveAccessAsync(who, cancel).ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, made);
                        return ExitCode.Done;
                    }
                    session.Out.Line(JoinLink.Of(made.Link, made.Code!, session.Api.Server));
                    session.Out.Note(
                        $"Send this link to {who}, within {StoryText.Left(made.ExpiresAt, session.Now)}: stories join LINK --handle {who}"
                    );
                    session.Out.Note($"After a lost laptop, add --end-others, which revokes all earlier tokens of {who}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static async Task<int> DeleteAsync(Session session, string who, bool yes, CancellationToken cancel)
    {
        if (!yes && !session.Context.InIsTerminal)
        {
            throw CommandException.Usage($"This would delete the account {who} and everything it owns. To confirm, add --yes.");
        }
        if (
            !yes && !await session.Out.ConfirmAsync($"Delete the account {who} and everything it owns? [y/N]", cancel).ConfigureAwait(false)
        )
        {
            return ExitCode.Failed;
        }
        await session.Api.Admin.DeleteAccountAsync(who, cancel).ConfigureAwait(false);
        session.Out.Note($"The account {who} is deleted.");
        return ExitCode.Done;
    }

    private static string[] ToRow(Session session, ManagedAccount account) =>
        [
            account.Handle,
            account.Role,
            account.Disabled ? "disabled" : "active",
            account.LastUsedAt is { } used ? StoryText.Age(used, session.Now) + " ago" : "never",
            account.DisplayName,
        ];
}
