using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Account;

internal static class JoinCommand
{
    public static Command Make(Runner runner)
    {
        var url = new Argument<string>("URL") { Description = "The server." };
        var handle = new Option<string>("--handle")
        {
            HelpName = "NAME",
            Required = true,
            Description = "Your handle: 2 to 32 of a-z, 0-9, _ and -.",
        };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "Display name (default: the handle)." };
        var endOthers = new Option<bool>("--end-others")
        {
            Description = "With an access link: revoke all earlier tokens of the account, for example after losing a laptop.",
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Replace the token of another account saved under the --profile name.",
        };
        var command = new StoriesCommand(
            "join",
            "Join a server with an invite code, or return with an access link. Prompts for the code, or reads it from stdin."
        )
        {
            url,
            handle,
            name,
            endOthers,
            replace,
        }.With(
            [
                "stories join https://team.example --handle ana --name \"Ana\"",
                "stories join http://127.0.0.1:7867 --handle ana < data/owner-invite",
                "stories join https://team.example --handle ana --end-others",
            ],
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var to = Connection.To(parsed.GetRequiredValue(url), session.Flags);
                    SavedAccount.CheckRoom(session, to, parsed.GetRequiredValue(handle), parsed.GetValue(replace));
                    SavedAccount.CheckWritable(session);
                    var code = (await session.Out.AskSecretAsync("Invite code:", cancel).ConfigureAwait(false))?.Trim();
                    if (string.IsNullOrEmpty(code))
                    {
                        throw CommandException.Usage("No invite code was given. Type it at the prompt, or send it to stdin.");
                    }
                    using var api = session.Connect(to);
                    var request = new JoinRequest
                    {
                        Code = code,
                        Handle = parsed.GetRequiredValue(handle),
                        DisplayName = parsed.GetValue(name),
                        EndOtherTokens = parsed.GetValue(endOthers),
                    };
                    var joined = await api.Accounts.JoinAsync(request, cancel).ConfigureAwait(false);
                    SavedAccount.Save(session, to, joined.Token, joined.Account.Handle, parsed.GetValue(replace));
                    // Only the account, because the answer also contains the token.
                    SavedAccount.Print(session, joined.Account, to.Server, session.Received?.Of(joined).GetProperty("account"));
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
