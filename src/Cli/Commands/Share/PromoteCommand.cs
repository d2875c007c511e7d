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
            Description = "The directory; made when there is none.",
        };
        var force = new Option<bool>("--force") { Description = "Replaces files that exist." };
        var command = new StoriesCommand(
            "promote",
            "Write a story into a directory, to be committed: its media, and story.md with caption and thread, which any forge shows."
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

    /// <summary>The page comes last: where it is, everything it names is there.</summary>
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
        var text = story.Kind == StoryKinds.Text ? await WholeText.ReadAsync(session.Api, story, cancel).ConfigureAwait(false) : null;
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
            // Otherwise the next try would find the media in its way.
            written.ForEach(File.Delete);
            throw;
        }
        return page;
    }
}
