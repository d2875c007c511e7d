using System.CommandLine;

namespace StoriesCli.Cli.Commands.Follow;

internal static class FeedCommand
{
    public static Command Make(Runner runner) =>
        new StoriesCommand(
            "feed",
            "Manage keys for feed readers. A key reads your Atom feed and nothing else. It expires no later than the token it was made with."
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
            Description = "Name of the key, at most 64 characters (default: feed).",
        };
        var author = new Option<string?>("--author") { HelpName = "HANDLE", Description = "Print the address of one person's stories." };
        var command = new StoriesCommand(
            "create",
            "Create a feed key. The feed's address contains it and is shown only once. --quiet prints only the address. The key expires with the token you make it with."
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
                            $"Shown only once. Anyone with this address can read what you may see. It expires with your token in {StoryText.Left(made.ExpiresAt, session.Now)}; \"stories feed rm {made.Id}\" deletes it."
                        );
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>A feed of an unknown person would stay empty without an error.</summary>
    private static async Task<string> CheckAsync(Session session, string author, CancellationToken cancel)
    {
        var handle = Handles.Check(author);
        var people = await session.Api.Accounts.ListPeopleAsync(cancel).ConfigureAwait(false);
        return people.Any(person => person.Handle == handle) ? handle : throw Handles.NobodyCalled(author);
    }

    private static StoriesCommand MakeList(Runner runner)
    {
        var command = new StoriesCommand("list", "List your feed keys, without their secrets.").With(["stories feed list"]);
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

    private static StoriesCommand MakeRemove(Runner runner) =>
        EndByIdCommand.Make(
            runner,
            "rm",
            "Delete a feed key at once, with the media addresses in its feed.",
            Ids.Argument("The key's id, as \"stories feed list\" shows it."),
            "stories feed rm 01kb3v8sxq7m2c4w9e5r1t0y6z",
            (session, id, cancel) => session.Api.Feeds.RevokeAsync(id, cancel),
            done: "The feed key is deleted."
        );
}
