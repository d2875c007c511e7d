using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Share;

internal static class PostCommand
{
    public static Command Make(Runner runner)
    {
        var files = new Argument<string[]>("FILE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description =
                "Pictures, videos, audio, recordings, or text of at most 64 KiB; - reads stdin. Longer text from stdin or in .txt, .log and .md files is cut to its end.",
        };
        var text = new Option<string?>("--text") { HelpName = "TEXT", Description = "Post this text instead of a file." };
        var compare = new Option<string[]>("--compare")
        {
            HelpName = "<BEFORE> <AFTER>",
            Arity = new(2, 2),
            AllowMultipleArgumentsPerToken = true,
            Description = "Post one story that compares two pictures of the same size.",
        };
        var status = new Option<string?>("--status") { HelpName = "STATUS", Description = "Result of the pipeline: passed or failed." };
        var keepSubtitles = new Option<bool>("--keep-subtitles")
        {
            Description = "Keep the subtitles of videos (default: remove them, because drones write positions there).",
        };
        status.AcceptOnlyFromAmong("passed", "failed");
        var summary = StepSummary.Option();
        var options = new StoryOptions();
        var asking = new InteractionOptions();
        var command = new StoriesCommand(
            "post",
            "Post one story for each file, in order. Checks that every file is readable, of a known type and small enough before it sends the first. The server checks the duration of video and audio."
        )
        {
            files,
            text,
            compare,
            status,
            keepSubtitles,
            summary,
        }.With(
            [
                "stories post photo.jpg --caption \"The new desk\"",
                "stories post demo.mp4 --ttl 6h --tag perf",
                "stories post --text \"Back at three\" --slot status",
                "make test 2>&1 | stories post - --slot build/main",
                "stories post release.md --poll \"Release today?\" --option yes --option no",
                "stories post --compare before.png after.png --caption \"The new button\"",
            ],
            ExitCode.Refused
        );
        foreach (var option in options.All.Concat(asking.All))
        {
            command.Add(option);
        }
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var story = asking.Add(options.Read(parsed, session), parsed);
                    if (parsed.GetValue(status) is { } given)
                    {
                        story = story with { Source = (story.Source ?? new()) with { Status = given } };
                    }
                    if (parsed.GetValue(keepSubtitles))
                    {
                        story = story with { KeepSubtitles = true };
                    }
                    using var sources = await GatherAsync(
                            session,
                            parsed.GetValue(files) ?? [],
                            parsed.GetValue(text),
                            parsed.GetValue(compare) ?? [],
                            cancel
                        )
                        .ConfigureAwait(false);
                    var posted = await PostAsync(session, story, sources.Items, cancel).ConfigureAwait(false);
                    if (parsed.GetValue(summary))
                    {
                        posted.ForEach(one => StepSummary.Add(session, one));
                    }
                    await AudienceNote.SayAsync(session, posted[^1], cancel).ConfigureAwait(false);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static async Task<PostSources> GatherAsync(
        Session session,
        string[] files,
        string? text,
        string[] compared,
        CancellationToken cancel
    )
    {
        if (compared.Length > 0)
        {
            return await GatherComparedAsync(session, files, text, compared, cancel).ConfigureAwait(false);
        }
        if (files.Length == 0 == text is null)
        {
            throw CommandException.Usage(
                text is null
                    ? "Nothing to post. Name a file, - for stdin, or --text."
                    : "--text posts a story of its own. Leave out the files, or use --caption."
            );
        }
        var api = session.Api;
        if (text is not null)
        {
            return PostSources.Of(text);
        }
        var limits = await api.Stories.GetLimitsAsync(cancel).ConfigureAwait(false);
        return await PostSources.OpenAsync(files, session.Context.In, limits, cancel).ConfigureAwait(false);
    }

    private static async Task<PostSources> GatherComparedAsync(
        Session session,
        string[] files,
        string? text,
        string[] compared,
        CancellationToken cancel
    )
    {
        if (files.Length > 0 || text is not null || compared.Length != 2)
        {
            throw CommandException.Usage(
                "--compare takes two pictures, BEFORE and AFTER, and posts them as one story. Leave out other files and --text."
            );
        }
        var limits = await session.Api.Stories.GetLimitsAsync(cancel).ConfigureAwait(false);
        var sources = await PostSources.OpenAsync(compared, session.Context.In, limits, cancel).ConfigureAwait(false);
        try
        {
            sources.Compare();
            return sources;
        }
        catch
        {
            sources.Dispose();
            throw;
        }
    }

    private static async Task<List<Story>> PostAsync(Session session, NewStory story, List<PostSource> sources, CancellationToken cancel)
    {
        var posted = new List<Story>();
        try
        {
            foreach (var source in sources)
            {
                var made = await SendAsync(session, story, source, cancel).ConfigureAwait(false);
                posted.Add(made);
                if (!session.Out.IsJson)
                {
                    session.Out.Line(made.Id);
                    session.Out.Flush();
                }
                if (source.LeftOut > 0)
                {
                    session.Out.Note(
                        $"{source.Label} is longer than a text card. The first {source.LeftOut:N0} bytes were left out, and the story says so."
                    );
                }
                session.Out.Note(
                    $"Posted {source.Label} ({made.Kind}, {StoryText.Left(made.ExpiresAt, session.Now)} left{(made.Compare is { } seen ? ", " + ChangedShare.Describe(seen) : "")})."
                );
            }
            return posted;
        }
        finally
        {
            if (session.Out.IsJson && sources.Count == 1 && posted.Count == 1)
            {
                StoryOutput.PrintOne(session, posted[0]);
            }
            else if (session.Out.IsJson && posted.Count > 0)
            {
                StoryOutput.Print(session, posted);
            }
        }
    }

    private static async Task<Story> SendAsync(Session session, NewStory story, PostSource source, CancellationToken cancel)
    {
        var key = ApiClient.NewIdempotencyKey();
        if (source.Text is not null)
        {
            return await session
                .Api.Stories.PostTextAsync(story with { Text = source.Text, FileName = source.FileName }, key, cancel)
                .ConfigureAwait(false);
        }
        using var bar = session.Out.StartProgress(source.Label, source.Media!.Bytes + (source.Before?.Bytes ?? 0));
        if (source.Before is { } before)
        {
            return await session.Api.Stories.PostCompareAsync(story, before, source.Media, key, bar, cancel).ConfigureAwait(false);
        }
        return await session.Api.Stories.PostAsync(story, source.Media, key, bar, cancel).ConfigureAwait(false);
    }
}
