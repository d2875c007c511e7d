using System.CommandLine;

namespace StoriesCli.Cli.Commands.Follow;

internal static class FeedCommand
{
    public static Command Make(Runner runner) =>
        new StoriesCommand(
            "feed",
            "Keys for readers of feeds, which read your Atom feed and nothing else. Each ends with the token that it was made with, at the latest."
        )
        {
            MakeCreate(runner),
            MakeList(runner),
            MakeRemove(runner),
        }.Showing("stories feed create --name phone", "stories feed create --author ana", "stories feed list");

    private static StoriesCommand MakeCreate(Runner runner)
    {
        var name = new Option<string?>("--name")
        {
            HelpName = "NAME",
            Description = "What you call it, at most 64 characters; feed unless told.",
        };
        var author = new Option<string?>("--author") { HelpName = "HANDLE", Description = "Prints the address of one person's stories." };
        var command = new StoriesCommand(
            "create",
            "Make a feed key; the feed's address, which has it, is printed this once, with --quiet alone. It ends with the token that you make it with."
        )
        {
            name,
            author,
        }.With(["stories feed create --name phone", "stories feed create --author ana"], ExitCode.NotFound, ExitCode.Refused);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var who = parsed.GetValue(author) is { } handle
                        ? await CheckAsync(session, handle, cancel).ConfigureAwait(false)
                        : null;
                    var made = await session.Api.Feeds.CreateAsync(parsed.GetValue(name), cancel).ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, made);
                    }
                    else
                    {
                        session.Out.Line(session.Api.Feeds.AddressOf(made.Key, who).ToString());
                        session.Out.Note(
                            $"Shown this once. Whoever has it reads what you may see; it ends with the token that it was made with, {StoryText.Left(made.ExpiresAt, session.Now)} left, or by \"stories feed rm {made.Id}\"."
                        );
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>The feed of nobody would be an empty one for ever, and say nothing of it.</summary>
    private static async Task<string> CheckAsync(Session session, string author, CancellationToken cancel)
    {
        var handle = Handles.Check(author);
        var people = await session.Api.Accounts.ListPeopleAsync(cancel).ConfigureAwait(false);
        return people.Any(person => person.Handle == handle) ? handle : throw Handles.NobodyCalled(author);
    }

    private static StoriesCommand MakeList(Runner runner)
    {
        var command = new StoriesCommand("list", "List your feed keys, without what they are.").With(["stories feed list"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var feeds = await session.Api.Feeds.ListAsync(cancel).ConfigureAwait(false);
                    Listing.Print(
                        session,
                        feeds,
                        ["id", "made", "left", "name"],
                        feed => feed.Id,
                        feed =>
                            [
                                feed.Id,
                                StoryText.Age(feed.CreatedAt, session.Now) + " ago",
                                feed.ExpiresAt is { } end ? StoryText.Left(end, session.Now) : "",
                                feed.Name,
                            ]
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeRemove(Runner runner)
    {
        var id = Ids.Argument("The key's id, as \"stories feed list\" shows it.");
        var command = new StoriesCommand("rm", "End a feed key, and the addresses that its feed named, at once.") { id }.With(
            ["stories feed rm 01kb3v8sxq7m2c4w9e5r1t0y6z"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var ended = Ids.Check(parsed.GetRequiredValue(id));
                    await session.Api.Feeds.RevokeAsync(ended, cancel).ConfigureAwait(false);
                    Listing.PrintId(session, ended);
                    session.Out.Note("The feed key has ended.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
