using System.CommandLine;

namespace StoriesCli.Cli;

/// <summary>A command that ends one thing by its id, such as a token or a share, and prints the id.</summary>
internal static class EndByIdCommand
{
    /// <param name="runner">Runs the command.</param>
    /// <param name="name">Name of the command: <c>rm</c> or <c>revoke</c>.</param>
    /// <param name="description">What it does, in the imperative.</param>
    /// <param name="id">Which id it takes.</param>
    /// <param name="example">The one example of its help.</param>
    /// <param name="endAsync">Ends the thing with this id.</param>
    /// <param name="done">What it says afterwards.</param>
    public static StoriesCommand Make(
        Runner runner,
        string name,
        string description,
        Argument<string> id,
        string example,
        Func<Session, string, CancellationToken, Task> endAsync,
        string done
    )
    {
        var command = new StoriesCommand(name, description) { id }.With([example], ExitCode.NotFound);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var ended = Ids.Check(parsed.GetRequiredValue(id));
                    await endAsync(session, ended, cancel).ConfigureAwait(false);
                    Listing.PrintId(session, ended);
                    session.Out.Note(done);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
