using System.CommandLine;
using StoriesCli.Client;
using StoriesCli.Contracts;

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
            var account = await FindAccountAsync(session, to with { Token = token }, cancel).ConfigureAwait(false);
            SavedAccount.Save(session, to, token, account?.Handle);
            if (account is not null)
            {
                SavedAccount.Print(session, account, to.Server);
            }
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>Null for a token that is good but may only post: such a one does not learn whose it is.</summary>
    private static async Task<Account?> FindAccountAsync(Session session, Connection to, CancellationToken cancel)
    {
        using var api = session.Connect(to);
        try
        {
            return await api.GetMeAsync(cancel).ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Code == Errors.ScopeMissing.Code)
        {
            return null;
        }
    }
}
