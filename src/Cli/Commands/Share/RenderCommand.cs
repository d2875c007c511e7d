using System.CommandLine;
using System.Globalization;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Posix;
using StoriesCli.Tui.Recordings.Svg;

namespace StoriesCli.Cli.Commands.Share;

internal static class RenderCommand
{
    private const int ColumnsMaximum = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static Command Make(Runner runner)
    {
        var what = new Argument<string>("CAST|ID")
        {
            HelpName = "CAST|ID",
            Description = "An asciicast file, or a story: a recording or a text card.",
        };
        var target = new Option<string>("--output")
        {
            HelpName = "FILE",
            Required = true,
            Description = "The SVG file, its directory, or - for stdout.",
        };
        target.Aliases.Add("-o");
        var force = new Option<bool>("--force") { Description = "Replace an existing file." };
        var theme = new Option<string>("--theme") { HelpName = "THEME", Description = "dark or light (default: dark)." };
        theme.AcceptOnlyFromAmong("dark", "light");
        var width = new Option<int?>("--width")
        {
            HelpName = "COLUMNS",
            Description = "Show at most this many columns (default: all of a recording, 80 of a text card).",
        };
        width.Validators.Add(Numbers.FromOne("--width"));
        var idle = new Option<string?>("--idle-limit")
        {
            HelpName = "SECONDS",
            Description = "Cut longer pauses to this (default: 2, or less if the recording says so).",
        };
        var at = new Option<string?>("--at")
        {
            HelpName = "SECONDS",
            Description = "Draw the screen at this time as a still, after pauses are cut.",
        };
        var command = new StoriesCommand(
            "render",
            "Draw a recording as an animated SVG, which any page can show. A text card becomes a still."
        )
        {
            what,
            target,
            theme,
            width,
            idle,
            at,
            force,
        }.With(
            [
                "stories render demo.cast -o demo.svg",
                "stories render demo.cast -o last.svg --theme light --at 9.5",
                "stories render 01kb3v8sxq7m2c4w9e5r1t0y6z -o - --width 100 --idle-limit 0.5 > build.svg",
            ],
            ExitCode.NotFound,
            ExitCode.Refused
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var settings = new SvgSettings
                    {
                        IsLight = parsed.GetValue(theme) == "light",
                        Columns = parsed.GetValue(width) is { } columns ? Math.Min(columns, ColumnsMaximum) : null,
                        IdleLimit = ReadSeconds(idle.Name, parsed.GetValue(idle)),
                        At = ReadSeconds(at.Name, parsed.GetValue(at)),
                    };
                    var path = parsed.GetRequiredValue(target);
                    if (path != "-")
                    {
                        path = SavedFile.ChoosePath($"{Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(what))}.svg", path);
                        SavedFile.RefuseExisting(path, parsed.GetValue(force));
                    }
                    var svg = Encoding.UTF8.GetBytes(
                        await DrawAsync(session, parsed.GetRequiredValue(what), settings, cancel).ConfigureAwait(false)
                    );
                    if (path == "-")
                    {
                        await session.Out.TakeStream().WriteAsync(svg, cancel).ConfigureAwait(false);
                        return ExitCode.Done;
                    }
                    await SavedFile
                        .WriteAsync(path, parsed.GetValue(force), file => file.WriteAsync(svg, cancel).AsTask(), cancel)
                        .ConfigureAwait(false);
                    session.Out.Path(path);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static async Task<string> DrawAsync(Session session, string what, SvgSettings settings, CancellationToken cancel)
    {
        try
        {
            // A file of that name is nearer than a story.
            if (!Names.Id.IsMatch(what) || File.Exists(what))
            {
                if (!FileKind.IsRegularOrNone(what))
                {
                    throw CommandException.Usage($"{LocalFiles.NameOf(what)} is a pipe or a device. Name a file.");
                }
                var file = LocalFiles.Try(what, () => new FileStream(what, FileMode.Open, FileAccess.Read, FileShare.Read));
                await using (file.ConfigureAwait(false))
                {
                    return await SvgPicture
                        .OfRecordingAsync(file, settings with { Title = Path.GetFileNameWithoutExtension(what) }, cancel)
                        .ConfigureAwait(false);
                }
            }
            return await DrawAsync(session, await session.Api.Stories.GetAsync(what, cancel).ConfigureAwait(false), settings, cancel)
                .ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException(ExitCode.Refused, $"{LocalFiles.NameOf(what)}: {e.Message}");
        }
    }

    private static async Task<string> DrawAsync(Session session, Story story, SvgSettings settings, CancellationToken cancel)
    {
        settings = settings with { Title = story.Caption ?? story.Media.FileName };
        if (story.Kind == StoryKinds.Text)
        {
            var text = await FullText.ReadAsync(session.Api, story, cancel).ConfigureAwait(false);
            return SvgPicture.OfCard(text ?? "", story.Media.FileName, settings);
        }
        if (story.Kind != StoryKinds.Recording)
        {
            throw new CommandException(
                ExitCode.Refused,
                $"The story {story.Id} is of the kind {story.Kind}. An SVG is drawn of a recording or a text card; \"stories get {story.Id}\" saves other media."
            );
        }
        var media = await session.Api.Media.OpenAsync(story.Id, cancel: cancel).ConfigureAwait(false);
        await using (media.ConfigureAwait(false))
        {
            return await SvgPicture.OfRecordingAsync(media.Content, settings, cancel).ConfigureAwait(false);
        }
    }

    private static TimeSpan? ReadSeconds(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }
        return
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw CommandException.Usage(
                $"{option} takes a number of seconds from 0 to {Longest.TotalSeconds:0}, such as 0.5, not \"{LocalFiles.NameOf(text)}\"."
            );
    }
}
