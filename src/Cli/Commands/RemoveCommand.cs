using System.CommandLine;
using StoriesCli.Client;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

internal static class RemoveCommand
{
    public static Command Make(Runner runner)
    {
        var ids = new Argument<string[]>("ID") { Arity = ArgumentArity.OneOrMore, Description = "The stories." };
        var yes = new Option<bool>("--yes") { Description = "Deletes several without asking." };
        yes.Aliases.Add("-y");
        var command = new StoriesCommand("rm", "Delete stories with their threads. Several are asked about first.") { ids, yes }.With(
        [
            "stories rm 01kb3v8sxq7m2c4w9e5r1t0y6z",
            "stories list --author ci --quiet | xargs stories rm --yes",
        ], ExitCode.NotFound);
        command.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            var wanted = parsed.GetRequiredValue(ids).Select(Ids.Check).Distinct().ToArray();
            if (wanted.Length > 1 && !parsed.GetValue(yes) && !await ConfirmAsync(session, wanted.Length, cancel).ConfigureAwait(false))
            {
                return ExitCode.Failed;
            }
            return await DeleteAsync(session, wanted, cancel).ConfigureAwait(false);
        }));
        return command;
    }

    private static async Task<bool> ConfirmAsync(Session session, int count, CancellationToken cancel)
    {
        if (!session.Around.InIsTerminal)
        {
            throw CommandException.Usage($"{count} stories would be deleted: say --yes.");
        }
        var answer = await session.Out.AskAsync($"Delete {count} stories? [y/N]", cancel).ConfigureAwait(false);
        return answer?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>One that cannot be deleted does not keep the others: the first failure decides the exit code.</summary>
    private static async Task<int> DeleteAsync(Session session, string[] ids, CancellationToken cancel)
    {
        var code = ExitCode.Done;
        foreach (var id in ids)
        {
            try
            {
                await session.Api.DeleteStoryAsync(id, cancel).ConfigureAwait(false);
                if (session.Out.IsJson)
                {
                    session.Out.Json(new RemovedStory { Id = id }, ContractsJson.Default.RemovedStory);
                }
                else
                {
                    session.Out.Line(id);
                }
            }
            catch (ApiException e) when (ids.Length > 1)
            {
                var failed = session.Out.Fail(Fault.Of(e));
                code = code == ExitCode.Done ? failed : code;
            }
        }
        return code;
    }
}
