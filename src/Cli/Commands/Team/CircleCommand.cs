using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Team;

internal static class CircleCommand
{
    private static readonly string[] Headers = ["name", "members"];

    public static Command Make(Runner runner) =>
        new StoriesCommand("circle", "Manage your own groups of people, used as +NAME in --to. Nobody else can see them.")
        {
            MakeList(runner),
            MakeSet(runner),
            MakeRemove(runner),
        }.Showing("stories circle set parser ana bob", "stories circle list", "stories post photo.jpg --to +parser");

    private static StoriesCommand MakeList(Runner runner)
    {
        var command = new StoriesCommand("list", "List your circles and who is in them.").With(["stories circle list"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    Listing.Print(
                        session,
                        await session.Api.Circles.ListAsync(cancel).ConfigureAwait(false),
                        Headers,
                        circle => circle.Name,
                        ToRow
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeSet(Runner runner)
    {
        var name = new Argument<string>("NAME") { Description = "The circle: 1 to 32 of a-z, 0-9, _ and -." };
        var members = new Argument<string[]>("HANDLE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "The members, replacing the current ones.",
        };
        var command = new StoriesCommand("set", "Create a circle, or replace its members.") { name, members }.With(
            ["stories circle set parser ana bob", "stories circle set parser --server https://team.example ana bob"],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var wanted = Check(parsed.GetRequiredValue(name), ExitCode.Refused);
                    var people = (parsed.GetValue(members) ?? []).Select(Handles.Check).ToArray();
                    Listing.PrintOne(
                        session,
                        await session.Api.Circles.PutAsync(wanted, people, cancel).ConfigureAwait(false),
                        Headers,
                        circle => circle.Name,
                        ToRow
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeRemove(Runner runner)
    {
        var name = new Argument<string>("NAME") { Description = "The circle." };
        var command = new StoriesCommand("rm", "Delete a circle. Its members can still see stories that were posted to it.") { name }.With(
            ["stories circle rm parser"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var wanted = Check(parsed.GetRequiredValue(name), ExitCode.NotFound);
                    await session.Api.Circles.DeleteAsync(wanted, cancel).ConfigureAwait(false);
                    session.Out.Note($"The circle {wanted} is deleted.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static string[] ToRow(Circle circle) => [circle.Name, string.Join(' ', circle.Members)];

    private static string Check(string text, int otherwise)
    {
        var name = text.StartsWith('+') ? text[1..] : text;
        return Names.Circle.IsMatch(name)
            ? name
            : throw new CommandException(
                otherwise,
                $"\"{text}\" is not a circle name. A name has 1 to 32 characters of a-z, 0-9, _ and -."
            );
    }
}
