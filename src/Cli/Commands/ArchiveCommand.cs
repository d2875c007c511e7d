using System.CommandLine;

namespace StoriesCli.Cli.Commands;

internal static class ArchiveCommand
{
    public static Command Make(Runner runner)
    {
        var search = new Option<string?>("--search") { HelpName = "WORDS", Description = "Only with these words in caption, text or tags." };
        var delete = new Option<string?>("--delete") { HelpName = "ID", Description = "Deletes this one for good." };
        var command = new StoriesCommand("archive", "Your own expired stories, for 90 days, for your eyes alone; from when \"stories me --archive on\" was said.") { search, delete }.With(
        [
            "stories archive --search release",
            "stories archive --json | jq length",
        ], ExitCode.NotFound, ExitCode.Refused);
        command.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            if (parsed.GetValue(delete) is { } unwanted)
            {
                var gone = Ids.Check(unwanted);
                await session.Api.DeleteArchivedAsync(gone, cancel).ConfigureAwait(false);
                Listing.PrintId(session, gone);
                return ExitCode.Done;
            }
            var stories = await session.Api.ListArchiveAsync(parsed.GetValue(search), cancel).ToArrayAsync(cancel).ConfigureAwait(false);
            StoryOutput.Print(session, stories);
            if (stories.Length == 0 && !(await session.Api.GetMeAsync(cancel).ConfigureAwait(false)).Archive)
            {
                session.Out.Note("Your archive is off: nothing of what expires is kept. \"stories me --archive on\" switches it on.");
            }
            return ExitCode.Done;
        }));
        return command;
    }
}
