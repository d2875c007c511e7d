using System.CommandLine;

namespace StoriesCli.Cli.Commands.Account;

internal static class JoinCommand
{
    public static Command Make(Runner runner)
    {
        var url = new Argument<string?>("URL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The link of your invite. Or the server, and then it prompts for the code.",
        };
        var handle = new Option<string>("--handle")
        {
            HelpName = "NAME",
            Description = "Your handle: 2 to 32 of a-z, 0-9, _ and - (default: it asks, on a terminal).",
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
            "Join a server with the link or the code of an invite, or return with an access link. Prompts for what is missing, or reads link or code from stdin."
        )
        {
            url,
            handle,
            name,
            endOthers,
            replace,
        }.With(
            [
                "stories join 'https://team.example/join#sti_…'",
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
                    var joinOptions = new JoinOptions(
                        parsed.GetValue(url),
                        parsed.GetValue(handle),
                        parsed.GetValue(name),
                        parsed.GetValue(endOthers),
                        parsed.GetValue(replace)
                    );
                    var (joined, server) =
                        await JoinSteps.RunAsync(session, joinOptions, cancel).ConfigureAwait(false)
                        ?? throw CommandException.Usage("No link was given. Paste it at the prompt, or send it to stdin.");
                    // Only the account, because the answer also contains the token.
                    SavedAccount.Print(session, joined.Account, server, session.Received?.Of(joined).GetProperty("account"));
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
