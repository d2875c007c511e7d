using System.CommandLine;

namespace StoriesCli.Cli.Commands.Account;

internal static class TokenCommand
{
    public static Command Make(Runner runner) =>
        new StoriesCommand("token", "Manage your tokens.") { MakeCreate(runner), MakeList(runner), MakeRevoke(runner) }.Showing(
            "stories token create --name ci --scope post --ttl 90d > token",
            "stories token list"
        );

    private static StoriesCommand MakeCreate(Runner runner)
    {
        var name = new Option<string>("--name")
        {
            HelpName = "NAME",
            Required = true,
            Description = "Name of the token, at most 64 characters.",
        };
        var scopes = new Option<string[]>("--scope")
        {
            HelpName = "SCOPE",
            Description = "Scope: read, post or admin. Repeat for more (default: those of your own token).",
        };
        var ttl = new Option<string?>("--ttl")
        {
            HelpName = "TIME",
            Description = "Lifetime, at most 365d (default: expires and renews as your own token does).",
        };
        var command = new StoriesCommand("create", "Create a token. Its secret is shown only once. --quiet prints only the secret.")
        {
            name,
            scopes,
            ttl,
        }.With(["stories token create --name laptop", "stories token create --name ci --scope post --ttl 90d > token"], ExitCode.Refused);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var wanted = parsed.GetValue(scopes);
                    var made = await session
                        .Api.Tokens.CreateAsync(
                            new()
                            {
                                Name = parsed.GetRequiredValue(name),
                                Scopes = wanted is { Length: > 0 } ? wanted : null,
                                Ttl = parsed.GetValue(ttl),
                            },
                            cancel
                        )
                        .ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, made);
                    }
                    else
                    {
                        session.Out.Line(made.Token);
                        session.Out.Note(
                            $"Shown only once. Scopes: {string.Join(", ", made.Scopes)}; {StoryText.Left(made.ExpiresAt, session.Now)} left{(made.Renews ? ", and as long again from each use" : "")}. Its id is {made.Id}."
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
        var command = new StoriesCommand("list", "List your tokens, without their secrets.").With(["stories token list"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var tokens = await session.Api.Tokens.ListAsync(cancel).ConfigureAwait(false);
                    Listing.Print(
                        session,
                        tokens,
                        ["id", "scopes", "left", "used", "name"],
                        token => token.Id,
                        token =>
                            [
                                token.Id,
                                string.Join(',', token.Scopes),
                                StoryText.Left(token.ExpiresAt, session.Now),
                                token.LastUsedAt is { } used ? StoryText.Age(used, session.Now) + " ago" : "never",
                                token.Name,
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
            "Revoke a token at once, with the feed keys and media links made with it.",
            Ids.Argument("The token's id, as \"stories token list\" shows it."),
            "stories token revoke 01kb3v8sxq7m2c4w9e5r1t0y6z",
            (session, id, cancel) => session.Api.Tokens.RevokeAsync(id, cancel),
            done: "The token is revoked."
        );
}
