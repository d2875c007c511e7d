using System.CommandLine;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Read;

internal static class GetCommand
{
    public static Command Make(Runner runner)
    {
        var id = Ids.Argument("The story.");
        var target = new Option<string?>("--output")
        {
            HelpName = "FILE",
            Description =
                "A file, a directory, or - for stdout (default: the story's file name). If the name is taken, adds the story's id.",
        };
        target.Aliases.Add("-o");
        var force = new Option<bool>("--force") { Description = "Replace an existing file." };
        var part = StoryPart.Option();
        var command = new StoriesCommand("get", "Save a story's media and check their SHA-256. Resumes a broken download.")
        {
            id,
            target,
            force,
            part,
        }.With(
            [
                "stories get 01kb3v8sxq7m2c4w9e5r1t0y6z",
                "stories get 01kb3v8sxq7m2c4w9e5r1t0y6z -o demo.mp4 --force",
                "stories get 01kb3v8sxq7m2c4w9e5r1t0y6z -o - | sha256sum",
                "stories get 01kb3v8sxq7m2c4w9e5r1t0y6z --part difference",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = await session.Api.Stories.GetAsync(Ids.Check(parsed.GetRequiredValue(id)), cancel).ConfigureAwait(false);
                    var wanted = parsed.GetValue(part);
                    var media = StoryPart.Get(story, wanted);
                    if (parsed.GetValue(target) == "-")
                    {
                        await WriteToStdoutAsync(session, story, wanted, media, cancel).ConfigureAwait(false);
                        return ExitCode.Done;
                    }
                    var path = await SavedMedia
                        .SaveAsync(session, story, wanted, parsed.GetValue(target), parsed.GetValue(force), cancel)
                        .ConfigureAwait(false);
                    if (session.Out.IsJson || session.Out.IsQuiet)
                    {
                        StoryOutput.PrintOne(session, story);
                    }
                    else
                    {
                        session.Out.Line(path);
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static async Task WriteToStdoutAsync(Session session, Story story, string? part, StoryMedia media, CancellationToken cancel)
    {
        if (session.Context.OutIsTerminal && story.Kind is not (StoryKinds.Text or StoryKinds.Recording))
        {
            throw CommandException.Usage(
                $"The media are {media.Type}, which a terminal cannot show. Name a file, or send stdout to a program."
            );
        }
        using var bar = session.Out.StartProgress(media.FileName ?? story.Id, media.Bytes);
        await session.Api.Media.DownloadAsync(story, part, session.Out.TakeStream(), bar, cancel).ConfigureAwait(false);
    }
}
