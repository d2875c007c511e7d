using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Account;

internal static class LoginCommand
{
    public static Command Make(Runner runner)
    {
        var url = new Argument<string>("URL") { Description = "The server." };
        var replace = new Option<bool>("--replace")
        {
            Description = "Replace the saved token, even if it belongs to another account or has more scopes.",
        };
        var command = new StoriesCommand(
            "login",
            "Sign in to a server with a token. Prompts for it, or reads it from stdin, STORIES_TOKEN or a file."
        )
        {
            url,
            replace,
        }.With(["stories login https://team.example", "stories login https://team.example --token-file ~/token"], ExitCode.Refused);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var to = Connection.To(parsed.GetRequiredValue(url), session.Flags);
                    SavedAccount.CheckWritable(session);
                    var token =
                        Connection.ReadToken(session.Flags, session.Context.Environment)
                        ?? Connection.CheckToken(
                            await session.Out.AskSecretAsync("Token:", cancel).ConfigureAwait(false) ?? "",
                            "What was given"
                        );
                    var account = await FindAccountAsync(session, to with { Token = token }, cancel).ConfigureAwait(false);
                    if (account is not null && !parsed.GetValue(replace))
                    {
                        await CheckNothingLostAsync(session, to, token, account, cancel).ConfigureAwait(false);
                    }
                    SavedAccount.Save(session, to, token, account?.Handle, parsed.GetValue(replace));
                    if (account is not null)
                    {
                        SavedAccount.Print(session, account, to.Server);
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>Refuses to replace a working saved token that has more scopes than the new one.</summary>
    private static async Task CheckNothingLostAsync(
        Session session,
        Connection to,
        string token,
        Contracts.Account account,
        CancellationToken cancel
    )
    {
        var name = SavedAccount.ChooseName(session, to, account.Handle);
        if (session.Config.FindProfile(name) is not { Token: { } saved } || saved == token)
        {
            return;
        }
        using var api = session.Connect(to with { Token = saved });
        try
        {
            var more = (await api.Accounts.GetMeAsync(cancel).ConfigureAwait(false)).Scopes.Except(account.Scopes).ToList();
            if (more.Count > 0)
            {
                throw new CommandException(
                    ExitCode.Refused,
                    $"The token saved as profile \"{name}\" works and has more scopes than this one: {string.Join(", ", more)}. Nothing was changed. Use --profile to save this one under another name, or --replace to overwrite it."
                );
            }
        }
        catch (ApiException e) when (e.Code == Errors.NotSignedIn.Code)
        {
            // It no longer works, so nothing is lost.
        }
    }

    /// <summary>Null for a valid token that may only post, because it cannot read its account.</summary>
    private static async Task<Contracts.Account?> FindAccountAsync(Session session, Connection to, CancellationToken cancel)
    {
        using var api = session.Connect(to);
        try
        {
            return await api.Accounts.GetMeAsync(cancel).ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Code == Errors.ScopeMissing.Code)
        {
            return null;
        }
    }
}
