using System.CommandLine;

namespace StoriesCli.Cli.Commands.Keep;

internal static class ArchiveCommand
{
    public static Command Make(Runner runner)
    {
        var search = new Option<string?>("--search")
        {
            HelpName = "WORDS",
            Description = "Only stories with these words in caption, text or tags.",
        };
        var save = new Option<string?>("--get") { HelpName = "ID", Description = "Save the media of this story." };
        var target = new Option<string?>("--output")
        {
            HelpName = "FILE",
            Description = "A file or a directory (default: the story's file name here). If the name is taken, adds the story's id.",
        };
        target.Aliases.Add("-o");
        var force = new Option<bool>("--force") { Description = "Replace an existing file." };
        var delete = new Option<string?>("--delete") { HelpName = "ID", Description = "Delete this story permanently." };
        var command = new StoriesCommand(
            "archive",
            "List your expired stories of the last 90 days. Only you can see them. \"stories me --archive on\" turns the archive on."
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
                        throw CommandException.Usage("--get and --delete exclude each other.");
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
                                $"Your archive has no story {id}. \"stories archive\" lists your archive."
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
                        session.Out.Note("Your archive is off: expired stories are not kept. \"stories me --archive on\" turns it on.");
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
