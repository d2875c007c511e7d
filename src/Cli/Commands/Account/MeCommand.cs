using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Account;

internal static class MeCommand
{
    public static Command Make(Runner runner)
    {
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "Display name that others see beside your handle." };
        var archive = Switch("--archive", "Keep your expired stories in a private archive for 90 days. Off empties the archive at once.");
        var looking = Switch("--private-viewing", "View privately: authors see the number of private viewers, not your name.");
        var command = new StoriesCommand("me", "Show or change your account: name, archive, private viewing.")
        {
            name,
            archive,
            looking,
        }.With(["stories me", "stories me --private-viewing on", "stories me --archive on --name \"Ana Sá\""], ExitCode.Refused);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var change = new ProfileChange
                    {
                        DisplayName = parsed.GetValue(name),
                        Archive = IsOn(parsed.GetValue(archive)),
                        PrivateViewing = IsOn(parsed.GetValue(looking)),
                    };
                    var account =
                        change == new ProfileChange()
                            ? await session.Api.Accounts.GetMeAsync(cancel).ConfigureAwait(false)
                            : await session.Api.Accounts.ChangeMeAsync(change, cancel).ConfigureAwait(false);
                    Listing.PrintOne(
                        session,
                        account,
                        ["handle", "name", "role", "archive", "private viewing", "stored"],
                        it => it.Handle,
                        it =>
                            [
                                it.Handle,
                                it.DisplayName,
                                it.Role,
                                Word(it.Archive),
                                Word(it.PrivateViewing),
                                $"{ByteSize.Format(it.Bytes)} of {ByteSize.Format(it.QuotaBytes)}",
                            ]
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    // Leaving cannot be undone, so the question names everything that is deleted.
    private const string Everything =
        "stories, archive, highlights, replies, reactions, votes, acknowledgements, circles, tokens, feeds, shares and webhooks";

    public static Command MakeLeave(Runner runner)
    {
        var yes = new Option<bool>("--yes") { Description = "Leave without asking." };
        yes.Aliases.Add("-y");
        var command = new StoriesCommand(
            "leave",
            "Leave the server. This permanently deletes your account with all its " + Everything + ". Your handle stays reserved."
        )
        {
            yes,
        }.With(["stories leave"], ExitCode.Refused);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var account = await session.Api.Accounts.GetMeAsync(cancel).ConfigureAwait(false);
                    var where = ServerAddress.Origin(session.Api.Server);
                    if (
                        !parsed.GetValue(yes)
                        && !await ConfirmAsync(
                                session,
                                $"This permanently deletes @{account.Handle} from {where}, with all {Everything}. The handle stays reserved",
                                cancel
                            )
                            .ConfigureAwait(false)
                    )
                    {
                        return ExitCode.Failed;
                    }
                    await session.Api.Accounts.LeaveAsync(cancel).ConfigureAwait(false);
                    Forget(session);
                    session.Out.Note($"@{account.Handle} has left {where}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>Deletes the saved token of the deleted account. A failure does no harm, because the token no longer works.</summary>
    public static void Forget(Session session)
    {
        var profile = session.Connection.Profile;
        if (session.Config.FindProfile(profile)?.Token != session.Connection.Token)
        {
            return;
        }
        try
        {
            session.ConfigFile.Change(config =>
                config.FindProfile(profile)?.Token == session.Connection.Token ? config.Without(profile) : config
            );
        }
        catch (ConfigException e)
        {
            session.Out.Warn($"The saved token could not be deleted: {e.Message}");
        }
    }

    private static async Task<bool> ConfirmAsync(Session session, string what, CancellationToken cancel) =>
        session.Context.InIsTerminal
            ? await session.Out.ConfirmAsync($"{what}. Leave? [y/N]", cancel).ConfigureAwait(false)
            : throw CommandException.Usage($"{what}. To confirm, add --yes.");

    private static Option<string?> Switch(string name, string description)
    {
        var option = new Option<string?>(name) { HelpName = "on|off", Description = description };
        option.AcceptOnlyFromAmong("on", "off");
        return option;
    }

    private static bool? IsOn(string? text) => text is null ? null : text == "on";

    private static string Word(bool isOn) => isOn ? "on" : "off";
}
