using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Share;

internal static class RemoveCommand
{
    public static Command Make(Runner runner)
    {
        var ids = new Argument<string[]>("ID") { Arity = ArgumentArity.OneOrMore, Description = "The stories." };
        var yes = new Option<bool>("--yes") { Description = "Delete several without asking." };
        yes.Aliases.Add("-y");
        var command = new StoriesCommand("rm", "Delete stories with their threads. Asks before it deletes several.") { ids, yes }.With(
            ["stories rm 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories list --author ci --quiet | xargs -r stories rm --yes"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var wanted = parsed.GetRequiredValue(ids).Select(Ids.Check).Distinct().ToArray();
                    if (
                        wanted.Length > 1
                        && !parsed.GetValue(yes)
                        && !await ConfirmAsync(session, wanted.Length, cancel).ConfigureAwait(false)
                    )
                    {
                        return ExitCode.Failed;
                    }
                    return await DeleteAsync(session, wanted, cancel).ConfigureAwait(false);
                }
            )
        );
        return command;
    }

    private static async Task<bool> ConfirmAsync(Session session, int count, CancellationToken cancel)
    {
        if (!session.Context.InIsTerminal)
        {
            throw CommandException.Usage($"This would delete {Counted.Stories(count)}. To confirm, add --yes.");
        }
        return await session.Out.ConfirmAsync($"Delete {Counted.Stories(count)}? [y/N]", cancel).ConfigureAwait(false);
    }

    /// <summary>Continues after a failure. The first failure decides the exit code.</summary>
    private static async Task<int> DeleteAsync(Session session, string[] ids, CancellationToken cancel)
    {
        if (ids.Length == 1)
        {
            await session.Api.Stories.DeleteAsync(ids[0], cancel).ConfigureAwait(false);
            Listing.PrintId(session, ids[0]);
            return ExitCode.Done;
        }
        var code = ExitCode.Done;
        var gone = new List<string>();
        try
        {
            foreach (var id in ids)
            {
                try
                {
                    await session.Api.Stories.DeleteAsync(id, cancel).ConfigureAwait(false);
                    gone.Add(id);
                    if (!session.Out.IsJson)
                    {
                        session.Out.Line(id);
                    }
                }
                catch (ApiException e)
                {
                    var failed = session.Out.Fail(CliError.Of(e));
                    code = code == ExitCode.Done ? failed : code;
                }
            }
        }
        finally
        {
            // Also after an interrupt or a failure.
            PrintJson(session, gone);
        }
        return code;
    }

    private static void PrintJson(Session session, List<string> gone)
    {
        if (session.Out.IsJson && gone.Count > 0)
        {
            session.Out.Json(writer =>
            {
                writer.WriteStartArray();
                foreach (var id in gone)
                {
                    writer.WriteStartObject();
                    writer.WriteString("id", id);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            });
        }
    }
}
