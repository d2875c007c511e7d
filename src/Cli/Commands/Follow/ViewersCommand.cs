using System.CommandLine;

namespace StoriesCli.Cli.Commands.Follow;

internal static class ViewersCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("One of your stories.");
        var command = new StoriesCommand("viewers", "List who has seen one of your stories, earliest first.") { id }.With(
            ["stories viewers 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories viewers 01kb3v8sxq7m2c4w9e5r1t0y6z --json | jq '.items | length'"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var viewers = await session
                        .Api.Stories.ListAllViewersAsync(Ids.Check(parsed.GetRequiredValue(id)), cancel)
                        .ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, viewers);
                        return ExitCode.Done;
                    }
                    Listing.PrintRows(
                        session,
                        viewers.Items,
                        ["handle", "seen", "name"],
                        viewer => viewer.Person.Handle,
                        viewer => [viewer.Person.Handle, StoryText.Age(viewer.At, session.Now) + " ago", viewer.Person.DisplayName]
                    );
                    if (viewers.PrivateCount > 0)
                    {
                        session.Out.Note($"and {viewers.PrivateCount} private viewers.");
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
