using System.CommandLine;
using StoriesCli.Client.Api;

namespace StoriesCli.Cli.Commands.Team;

internal static class InviteCommand
{
    public static Command Make(Runner runner) =>
        new StoriesCommand("invite", "Invite people, as an admin.") { MakeCreate(runner), MakeList(runner), MakeRevoke(runner) }.Showing(
            "stories invite create --role bot --ttl 1h",
            "stories invite list"
        );

    private static StoriesCommand MakeCreate(Runner runner)
    {
        var role = new Option<string?>("--role")
        {
            HelpName = "ROLE",
            Description = "Role of the new account: owner, admin, member or bot, no higher than yours (default: member).",
        };
        var ttl = new Option<string?>("--ttl") { HelpName = "TIME", Description = "Lifetime of the invite, at most 30d (default: 24h)." };
        var command = new StoriesCommand("create", "Create an invite for one person, and print its link, which is shown only once.")
        {
            role,
            ttl,
        }.With(
            ["stories invite create", "link=$(stories invite create --quiet)", "stories invite create --role bot --ttl 1h"],
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var made = await session
                        .Api.Invites.CreateAsync(new() { Role = parsed.GetValue(role), Ttl = parsed.GetValue(ttl) }, cancel)
                        .ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, made);
                    }
                    else
                    {
                        var link = JoinLink.Of(made.Link, made.Code, session.Api.Server);
                        session.Out.Line(link);
                        session.Out.Note(
                            $"Send this link to one person, within {StoryText.Left(made.ExpiresAt, session.Now)}. It opens in a browser, or with: stories join LINK"
                        );
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeList(Runner runner)
    {
        var command = new StoriesCommand("list", "List unused invites.").With(["stories invite list"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var invites = await session.Api.Invites.ListAsync(cancel).ConfigureAwait(false);
                    Listing.Print(
                        session,
                        invites,
                        ["id", "role", "left", "by"],
                        invite => invite.Id,
                        invite =>
                            [
                                invite.Id,
                                invite.Role,
                                invite.ExpiresAt is null ? "until used" : StoryText.Left(invite.ExpiresAt, session.Now),
                                invite.CreatedBy ?? "the server",
                            ]
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeRevoke(Runner runner) =>
        EndByIdCommand.Make(
            runner,
            "revoke",
            "Revoke an invite.",
            Ids.Argument("The invite, as \"stories invite list\" shows it."),
            "stories invite revoke 01kb3v8sxq7m2c4w9e5r1t0y6z",
            (session, id, cancel) => session.Api.Invites.RevokeAsync(id, cancel),
            done: "The invite is revoked."
        );
}
