using System.CommandLine;

namespace StoriesCli.Cli.Commands.Team;

internal static class PeopleCommand
{
    public static Command Make(Runner runner)
    {
        var command = new StoriesCommand("people", "List everybody on the server.").With(["stories people", "stories people --quiet"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var people = await session.Api.Accounts.ListPeopleAsync(cancel).ConfigureAwait(false);
                    Listing.Print(
                        session,
                        people,
                        ["handle", "role", "name"],
                        person => person.Handle,
                        person => [person.Handle, person.Role, person.DisplayName]
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
