using System.CommandLine;

namespace StoriesCli.Cli.Commands.Keep;

internal static class ArchiveCommand
{
    public static Command Make(Runner runner)
    {
        var search = new Option<string?>("--search")
        {
            HelpName = "WORDS",
            Description = "Only with these words in caption, text or tags.",
        };
        var save = new Option<string?>("--get") { HelpName = "ID", Description = "Saves the media of this one." };
        var target = new Option<string?>("--output")
        {
            HelpName = "FILE",
            Description =
                "Where to: a file or a directory. Its own file name here unless told; in a directory that has one of that name already, with the story's id in it.",
        };
        target.Aliases.Add("-o");
        var force = new Option<bool>("--force") { Description = "Replaces a file that exists." };
        var delete = new Option<string?>("--delete") { HelpName = "ID", Description = "Deletes this one for good." };
        var command = new StoriesCommand(
            "archive",
            "Your own expired stories, for 90 days, for your eyes alone; from when \"stories me --archive on\" was said."
        )
        {
            search,
            save,
            target,
            force,
            delete,
        }.With(
            [
                "stories archive --search release",
                "stories archive --get 01kb3v8sxq7m2c4w9e5r1t0y6z -o kept.jpg",
                "stories archive --json | jq length",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    if (parsed.GetValue(delete) is not null && parsed.GetValue(save) is not null)
                    {
                        throw CommandException.Usage("--get and --delete do not go together.");
                    }
                    if (parsed.GetValue(delete) is { } unwanted)
                    {
                        var gone = Ids.Check(unwanted);
                        await session.Api.Archive.DeleteAsync(gone, cancel).ConfigureAwait(false);
                        Listing.PrintId(session, gone);
                        return ExitCode.Done;
                    }
                    var stories = await session
                        .Api.Archive.ListAsync(parsed.GetValue(search), cancel)
                        .ToArrayAsync(cancel)
                        .ConfigureAwait(false);
                    if (parsed.GetValue(save) is { } wanted)
                    {
                        var id = Ids.Check(wanted);
                        var story =
                            Array.Find(stories, it => it.Id == id)
                            ?? throw new CommandException(
                                ExitCode.NotFound,
                                $"Your archive has no story {id}: \"stories archive\" lists it."
                            );
                        session.Out.Path(
                            await SavedMedia
                                .SaveArchivedAsync(session, story, parsed.GetValue(target), parsed.GetValue(force), cancel)
                                .ConfigureAwait(false)
                        );
                        return ExitCode.Done;
                    }
                    StoryOutput.Print(session, stories);
                    if (stories.Length == 0 && !(await session.Api.Accounts.GetMeAsync(cancel).ConfigureAwait(false)).Archive)
                    {
                        session.Out.Note(
                            "Your archive is off: nothing of what expires is kept. \"stories me --archive on\" switches it on."
                        );
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
