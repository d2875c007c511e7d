using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Share;

internal static class PromoteCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var to = new Option<string>("--to")
        {
            HelpName = "DIR",
            Required = true,
            Description = "The directory, created if it does not exist.",
        };
        var force = new Option<bool>("--force") { Description = "Replace existing files." };
        var command = new StoriesCommand(
            "promote",
            "Write a story to a directory for a commit. Saves its media, and story.md with caption and thread, as any forge shows it."
        )
        {
            id,
            to,
            force,
        }.With(["stories promote 01kb3v8sxq7m2c4w9e5r1t0y6z --to docs/incident-12"], ExitCode.NotFound, ExitCode.Refused);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = await session.Api.Stories.GetAsync(Ids.Check(parsed.GetRequiredValue(id)), cancel).ConfigureAwait(false);
                    var page = await WriteAsync(session, story, parsed.GetRequiredValue(to), parsed.GetValue(force), cancel)
                        .ConfigureAwait(false);
                    if (session.Out.IsJson || session.Out.IsQuiet)
                    {
                        StoryOutput.PrintOne(session, story);
                    }
                    else
                    {
                        session.Out.Line(page);
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>Writes the page last, so that everything it links to exists.</summary>
    /// <exception cref="CommandException">No directory, or a file that exists.</exception>
    public static async Task<string> WriteAsync(
        Session session,
        Story story,
        string folder,
        bool force,
        CancellationToken cancel,
        string remedy = "--force replaces it, --to names another directory"
    )
    {
        if (folder.Length == 0 || folder.Contains('\0', StringComparison.Ordinal) || File.Exists(folder))
        {
            throw CommandException.Usage($"--to needs a directory, not \"{LocalFiles.NameOf(folder)}\".");
        }
        var files = StoryPage.FileNames(story);
        var page = Path.Combine(folder, "story.md");
        foreach (var path in files.Select(file => Path.Combine(folder, file.Name)).Prepend(page))
        {
            SavedFile.RefuseExisting(path, force, remedy);
        }
        var replies = await StoryThread.ReadAsync(session, story, cancel).ConfigureAwait(false);
        var text = story.Kind == StoryKinds.Text ? await FullText.ReadAsync(session.Api, story, cancel).ConfigureAwait(false) : null;
        LocalFiles.Try(folder, () => Directory.CreateDirectory(folder));
        var written = new List<string>();
        try
        {
            foreach (var (part, name) in files)
            {
                var path = Path.Combine(folder, name);
                await SavedMedia.SaveAsync(session, story, part, path, force, cancel).ConfigureAwait(false);
                written.Add(path);
            }
            var bytes = System.Text.Encoding.UTF8.GetBytes(StoryPage.Write(story, files, text, replies));
            await SavedFile.WriteAsync(page, force, file => file.WriteAsync(bytes, cancel).AsTask(), cancel).ConfigureAwait(false);
        }
        catch when (!force)
        {
            // Otherwise the next try would fail because the files exist.
            written.ForEach(File.Delete);
            throw;
        }
        return page;
    }
}
