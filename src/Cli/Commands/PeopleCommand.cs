using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

internal static class PeopleCommand
{
    public static Command Make(Runner runner)
    {
        var command = new StoriesCommand("people", "List everybody on the server.").With(["stories people", "stories people --quiet"]);
        command.SetAction(runner.Run(async (session, _, cancel) =>
        {
            var people = await session.Api.ListPeopleAsync(cancel).ConfigureAwait(false);
            if (session.Out.IsJson)
            {
                session.Out.Json(people, ContractsJson.Default.TeamMemberArray);
            }
            else if (session.Out.IsQuiet)
            {
                session.Out.Rows(["handle"], [.. people.Select(person => new[] { person.Handle })]);
            }
            else
            {
                session.Out.Rows(["handle", "role", "name"], [.. people.Select(person => new[] { person.Handle, person.Role, person.DisplayName })]);
            }
            return ExitCode.Done;
        }));
        return command;
    }
}
