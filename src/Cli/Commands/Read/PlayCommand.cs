using System.CommandLine;
using StoriesCli.Client.Api;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Cli.Commands.Read;

internal static class PlayCommand
{
    public static Command Make(Runner runner)
    {
        var what = new Argument<string?>("ID|@HANDLE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "ID|@HANDLE",
            Description = "One story, or a person's unseen stories (all if none is unseen). Default: all unseen stories.",
        };
        var playlist = new Option<bool>("--m3u")
        {
            Description = "Print a playlist with signed links for any player instead. Marks nothing as seen.",
        };
        var command = new StoriesCommand(
            "play",
            "Play stories, oldest first. Uses an external player, or the terminal for terminal recordings. Marks them as seen."
        )
        {
            what,
            playlist,
        }.With(
            ["stories play", "stories play @ana", "stories play 01kb3v8sxq7m2c4w9e5r1t0y6z", "stories play @ana --m3u > ana.m3u8"],
            ExitCode.NotFound
        );
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    if (parsed.GetValue(playlist))
                    {
                        await PrintPlaylistAsync(session, parsed.GetValue(what), cancel).ConfigureAwait(false);
                        return ExitCode.Done;
                    }
                    var stories = await ChooseAsync(session, parsed.GetValue(what), cancel).ConfigureAwait(false);
                    if (stories.Length == 0)
                    {
                        session.Out.Note("Nothing to play.");
                        return ExitCode.Done;
                    }
                    return await PlayAsync(session, stories, cancel).ConfigureAwait(false);
                }
            )
        );
        return command;
    }

    private static async Task PrintPlaylistAsync(Session session, string? what, CancellationToken cancel)
    {
        if (what is not null && !what.StartsWith('@'))
        {
            throw CommandException.Usage("A playlist takes all unseen stories or a person's. For one story, use \"stories link\".");
        }
        if (session.Out.IsJson || session.Out.IsQuiet)
        {
            throw CommandException.Usage("A playlist has only one format: leave out --json and --quiet.");
        }
        var author = what is null ? null : Handles.Check(what);
        session.Out.Line(
            (await session.Api.Media.GetPlaylistAsync(author, unseen: author is null, cancel).ConfigureAwait(false)).TrimEnd('\n')
        );
    }

    private static async Task<Story[]> ChooseAsync(Session session, string? what, CancellationToken cancel)
    {
        if (what is not null && !what.StartsWith('@'))
        {
            return [await session.Api.Stories.GetAsync(Ids.Check(what), cancel).ConfigureAwait(false)];
        }
        var all = new StoryQuery { Author = what is null ? null : Handles.Check(what), Limit = Limits.PageMaximum };
        var unseen = await session.Api.Stories.ListAllAsync(all with { Unseen = true }, cancel).ToArrayAsync(cancel).ConfigureAwait(false);
        var chosen =
            unseen.Length > 0 || what is null
                ? unseen
                : await session.Api.Stories.ListAllAsync(all, cancel).ToArrayAsync(cancel).ConfigureAwait(false);
        if (chosen.Length == 0 && what is not null)
        {
            await RefuseNobodyAsync(session, what, cancel).ConfigureAwait(false);
        }
        return LeaveOutUnplayable(session, chosen.Reverse());
    }

    private static async Task RefuseNobodyAsync(Session session, string handle, CancellationToken cancel)
    {
        var people = await session.Api.Accounts.ListPeopleAsync(cancel).ConfigureAwait(false);
        if (!people.Any(person => person.Handle == Handles.Check(handle)))
        {
            throw Handles.NobodyCalled(handle);
        }
    }

    /// <summary>Leaves out text without a configured player, and recordings without a terminal.</summary>
    private static Story[] LeaveOutUnplayable(Session session, IEnumerable<Story> stories)
    {
        var playable = stories.ToLookup(story =>
            story.Kind is not (StoryKinds.Text or StoryKinds.Recording)
            || session.Config.Players.ContainsKey(story.Kind)
            || PlaysHere(session, story)
        );
        if (playable[false].Any())
        {
            session.Out.Note($"Not played (use \"stories show\"): {string.Join(", ", playable[false].Select(story => story.Id))}");
        }
        return [.. playable[true]];
    }

    private static async Task<int> PlayAsync(Session session, Story[] stories, CancellationToken cancel)
    {
        var code = ExitCode.Done;
        var shown = new List<Story>();
        var report = new PlaybackReport(
            async (story, stop) =>
            {
                shown.Add(story);
                await session.Api.Stories.MarkViewedAsync(story.Id, stop).ConfigureAwait(false);
            },
            (story, reason) =>
            {
                session.Out.Warn($"{story.Id}: {reason}");
                code = ExitCode.Failed;
            }
        );
        var playback = new Playback(
            session.Api,
            PlayerSearch.Here(session.Config.Players, session.Context.Environment, session.Context.OutIsTerminal)
        );
        for (var at = 0; at < stories.Length; )
        {
            if (PlaysHere(session, stories[at]))
            {
                var ending = await PlayHereAsync(session, stories[at++], report, cancel).ConfigureAwait(false);
                if (ending == PlayerKey.Interrupt)
                {
                    return ExitCode.Interrupted;
                }
                // Closing the player ends the playlist.
                at = ending == PlayerKey.Quit ? stories.Length : at;
                continue;
            }
            var outside = stories.Skip(at).TakeWhile(story => !PlaysHere(session, story)).ToArray();
            Refuse(session, outside);
            await playback.PlayAsync(outside, report, cancel).ConfigureAwait(false);
            at += outside.Length;
        }
        StoryOutput.Print(session, shown);
        return code;
    }

    private static bool PlaysHere(Session session, Story story) =>
        story.Kind == StoryKinds.Recording
        && (story.Live || !session.Config.Players.ContainsKey(story.Kind))
        && session.Context is { OutIsTerminal: true, IsDumb: false }
        && !session.Out.IsJson
        && !session.Out.IsQuiet;

    /// <summary>Explains how to see a story that has no player.</summary>
    private static void Refuse(Session session, IReadOnlyList<Story> stories)
    {
        if (
            stories.FirstOrDefault(story =>
                story.Kind is StoryKinds.Text or StoryKinds.Recording && !session.Config.Players.ContainsKey(story.Kind)
            ) is
            { } story
        )
        {
            throw new CommandException(
                ExitCode.Failed,
                story.Kind == StoryKinds.Text ? $"The story {story.Id} is a text card. \"stories show {story.Id}\" shows it."
                    : story.Live ? $"The story {story.Id} is a live terminal, which can be followed on a terminal."
                    : $"The story {story.Id} is a terminal recording, which plays on a terminal: \"stories get {story.Id}\" saves it."
            );
        }
    }

    /// <summary>Quitting counts as seen, as with an external player.</summary>
    private static async Task<PlayerKey> PlayHereAsync(Session session, Story story, PlaybackReport report, CancellationToken cancel)
    {
        if (story.Live)
        {
            return await FollowHereAsync(session, story, report, cancel).ConfigureAwait(false);
        }
        var media = await session.Api.Media.OpenAsync(story.Id, cancel: cancel).ConfigureAwait(false);
        RecordingLines recording;
        await using (media.ConfigureAwait(false))
        {
            recording = await RecordingLines.ReadAsync(media.Content, cancel).ConfigureAwait(false);
        }
        var ending = await new RecordingPlayer(session, recording).PlayAsync(cancel).ConfigureAwait(false);
        if (ending != PlayerKey.Interrupt)
        {
            await report.Shown(story, cancel).ConfigureAwait(false);
        }
        return ending;
    }

    private static async Task<PlayerKey> FollowHereAsync(Session session, Story story, PlaybackReport report, CancellationToken cancel)
    {
        var ending = await new LivePlayer(session, story.Id).PlayAsync(cancel).ConfigureAwait(false);
        if (ending == PlayerKey.Interrupt)
        {
            return ending;
        }
        await report.Shown(story, cancel).ConfigureAwait(false);
        if (ending == PlayerKey.None)
        {
            var ended = await session.Api.Stories.GetAsync(story.Id, cancel).ConfigureAwait(false);
            session.Out.Note(
                ended.Broken ? $"{story.Id} broke off."
                : ended.Source?.ExitCode is { } code ? $"{story.Id} {ended.Source.Status}, with exit code {code}."
                : $"{story.Id} has ended."
            );
        }
        return ending;
    }
}
