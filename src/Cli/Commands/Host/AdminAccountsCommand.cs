using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Host;

internal static class AdminAccountsCommand
{
    private static readonly string[] Headers = ["handle", "role", "state", "used", "name"];

    public static StoriesCommand Make(Runner runner)
    {
        var handle = new Argument<string?>("HANDLE") { Arity = ArgumentArity.ZeroOrOne, Description = "This account alone." };
        var role = new Option<string?>("--role")
        {
            HelpName = "ROLE",
            Description = "Gives it this role: owner, admin, member or bot, no higher than yours.",
        };
        var disable = new Option<bool>("--disable") { Description = "Refuses its tokens, streams and links from now on." };
        var enable = new Option<bool>("--enable") { Description = "Lets a disabled account in again." };
        var delete = new Option<bool>("--delete")
        {
            Description = "Deletes it with all that is its. Asks on a terminal; elsewhere needs --yes.",
        };
        var yes = new Option<bool>("--yes") { Description = "Deletes without asking." };
        yes.Aliases.Add("-y");
        var command = new StoriesCommand("accounts", "List the accounts, or change one.")
        {
            handle,
            role,
            disable,
            enable,
            delete,
            yes,
        }.With(
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
                given.AddError("Name the account that shall change.");
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
        var handle = new Argument<string>("HANDLE") { Description = "The account, which exists." };
        var command = new StoriesCommand(
            "access",
            "Let somebody back into their account: make a one-time access link, which holds for one hour. Its code is printed this once."
        )
        {
            handle,
        }.With(
            ["stories admin accounts access bob", "code=$(stories admin accounts access bob --quiet)"],
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
                    session.Out.Line(made.Code!);
                    session.Out.Note(
                        $"For {who} alone, {StoryText.Left(made.ExpiresAt, session.Now)} left: stories join {ServerAddress.Origin(session.Api.Server)} --handle {who}"
                    );
                    session.Out.Note($"After a lost laptop, add --end-others: it ends all earlier tokens of {who}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static async Task<int> DeleteAsync(Session session, string who, bool yes, CancellationToken cancel)
    {
        if (!yes && !session.Around.InIsTerminal)
        {
            throw CommandException.Usage($"The account {who} and all that is its would be deleted: say --yes.");
        }
        if (!yes && !await session.Out.ConfirmAsync($"Delete the account {who} and all that is its? [y/N]", cancel).ConfigureAwait(false))
        {
            return ExitCode.Failed;
        }
        await session.Api.Admin.DeleteAccountAsync(who, cancel).ConfigureAwait(false);
        session.Out.Note($"The account {who} is gone.");
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
