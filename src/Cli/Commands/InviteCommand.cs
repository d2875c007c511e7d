using System.CommandLine;
using StoriesCli.Client;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

internal static class InviteCommand
{
    public static Command Make(Runner runner) => new StoriesCommand("invite", "Invite people, as an admin.") { MakeCreate(runner), MakeList(runner), MakeRevoke(runner) };

    private static StoriesCommand MakeCreate(Runner runner)
    {
        var role = new Option<string?>("--role") { HelpName = "ROLE", Description = "Role of who joins: owner, admin, member or bot, no higher than yours. member unless told." };
        var ttl = new Option<string?>("--ttl") { HelpName = "TIME", Description = "How long it holds. 24h unless told, at most 30d." };
        var command = new StoriesCommand("create", "Make an invite for one person; its code is printed this once.") { role, ttl }.With(
        [
            "stories invite create",
            "stories invite create --role bot --ttl 1h",
        ], ExitCode.Refused);
        command.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            var made = await session.Api.CreateInviteAsync(new() { Role = parsed.GetValue(role), Ttl = parsed.GetValue(ttl) }, cancel).ConfigureAwait(false);
            if (session.Out.IsJson)
            {
                session.Out.Json(made, ContractsJson.Default.MadeInvite);
            }
            else
            {
                session.Out.Line(session.Out.IsQuiet ? made.Id : made.Code);
                session.Out.Note($"For one person, {StoryText.Left(made.ExpiresAt, session.Now)} left: stories join {ServerAddress.Origin(session.Api.Server)} --handle NAME");
            }
            return ExitCode.Done;
        }));
        return command;
    }

    private static StoriesCommand MakeList(Runner runner)
    {
        var command = new StoriesCommand("list", "List the invites that nobody has used.").With(["stories invite list"]);
        command.SetAction(runner.Run(async (session, _, cancel) =>
        {
            var invites = await session.Api.ListInvitesAsync(cancel).ConfigureAwait(false);
            if (session.Out.IsJson)
            {
                session.Out.Json(invites, ContractsJson.Default.OpenInviteArray);
            }
            else if (session.Out.IsQuiet)
            {
                session.Out.Rows(["id"], [.. invites.Select(invite => new[] { invite.Id })]);
            }
            else
            {
                session.Out.Rows(["id", "role", "left", "by"], [.. invites.Select(invite => new[]
                {
                    invite.Id, invite.Role, invite.ExpiresAt is null ? "until used" : StoryText.Left(invite.ExpiresAt, session.Now), invite.CreatedBy ?? "the server",
                })]);
            }
            return ExitCode.Done;
        }));
        return command;
    }

    private static StoriesCommand MakeRevoke(Runner runner)
    {
        var id = Ids.Argument("The invite, as \"stories invite list\" shows it.");
        var command = new StoriesCommand("revoke", "End an invite.") { id }.With(["stories invite revoke 01kb3v8sxq7m2c4w9e5r1t0y6z"], ExitCode.NotFound);
        command.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            await session.Api.RevokeInviteAsync(Ids.Check(parsed.GetRequiredValue(id)), cancel).ConfigureAwait(false);
            session.Out.Note("The invite has ended.");
            return ExitCode.Done;
        }));
        return command;
    }
}
