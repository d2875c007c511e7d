using System.CommandLine;

namespace StoriesCli.Cli.Commands;

internal static class LoginCommand
{
    public static Command Make(Runner runner)
    {
        var url = new Argument<string>("URL") { Description = "The server." };
        var command = new StoriesCommand("login", "Sign in to a server with a token. It is asked for, or read from stdin, STORIES_TOKEN or a file.") { url }.With(
        [
            "stories login https://team.example",
            "stories login https://team.example --token-file ~/token",
        ]);
        command.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            var to = Connection.To(parsed.GetRequiredValue(url), session.Flags);
            SavedAccount.CheckWritable(session);
            var token = Connection.ReadToken(session.Flags, session.Around.Environment)
                ?? Connection.CheckToken(await session.Out.AskSecretAsync("Token:", cancel).ConfigureAwait(false) ?? "", "What was given");
            using var api = session.Connect(to with { Token = token });
            var account = await api.GetMeAsync(cancel).ConfigureAwait(false);
            SavedAccount.Save(session, to, token, account.Handle);
            SavedAccount.Print(session, account, to.Server);
            return ExitCode.Done;
        }));
        return command;
    }
}
