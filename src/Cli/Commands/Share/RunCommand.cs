using System.CommandLine;
using StoriesCli.Cli.Running;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Share;

internal static class RunCommand
{
    private const string DelayName = "--delay";
    private static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(2);

    public static Command Make(Runner runner)
    {
        var live = new Option<bool>("--live") { Description = "Let others watch while CMD runs, as \"stories live\" does." };
        return Make(
            runner,
            new StoriesCommand(
                "run",
                "Run a command and post its result, duration and recording. Exits with the command's exit code, even if posting fails. With --quiet the story's id goes to stderr, because stdout belongs to CMD."
            ),
            [
                "stories run -- make test",
                "stories run --slot build/main --caption \"Nightly\" -- ./nightly.sh --all",
                "stories run --json -- make test | jq -r .id",
                "stories run --pass-access -- ./nightly.sh",
            ],
            live
        );
    }

    /// <summary><c>stories live</c>: <c>stories run</c>, watched.</summary>
    public static Command MakeLive(Runner runner) =>
        Make(
            runner,
            new StoriesCommand(
                "live",
                "Run a command that others watch while it runs. They see its terminal and can do nothing in it. Then the story is a recording, as \"stories run\" posts it. Press Ctrl-\\ twice within a second to end the watching and delete the story."
            ),
            ["stories live -- make test", "stories live --to ana --delay 5s -- ./migrate.sh", "stories live -- bash"],
            live: null
        );

    private static StoriesCommand Make(Runner runner, StoriesCommand command, string[] examples, Option<bool>? live)
    {
        var words = new Argument<string[]>("CMD")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The command and its arguments, after --.",
        };
        var options = new StoryOptions();
        var summary = StepSummary.Option();
        var pipes = new Option<bool>("--no-pty")
        {
            Description = "Run CMD with pipes instead of a terminal of its own, as on systems without pseudo-terminals.",
        };
        var passes = new Option<bool>("--pass-access")
        {
            Description =
                "Pass STORIES_URL and STORIES_TOKEN to CMD, so that it can call stories as you (default: CMD gets no STORIES_* variables).",
        };
        var delay = new Option<string?>(DelayName)
        {
            HelpName = "TIME",
            Description = "Send output this much later, so that the panic key can come first (default: 2s; at most 60s).",
        };
        command.Add(words);
        if (live is not null)
        {
            command.Add(live);
        }
        command.Add(delay);
        command.Add(pipes);
        command.Add(passes);
        command.Add(summary);
        command.With(examples, ExitCode.Refused).EndsElse("CMD's own exit code; 128+n after signal n; 126 or 127 if it cannot be started");
        foreach (var option in options.All)
        {
            command.Add(option);
        }
        command.SetAction(
            runner.Run(
                (session, parsed, cancel) =>
                    RunAsync(
                        session,
                        parsed.GetValue(words)!,
                        options.Read(parsed, session),
                        parsed.GetValue(pipes),
                        parsed.GetValue(passes),
                        parsed.GetValue(summary),
                        ReadDelay(parsed.GetValue(delay), isLive: live is null || parsed.GetValue(live)),
                        cancel
                    )
            )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        Session session,
        string[] command,
        NewStory story,
        bool pipes,
        bool passes,
        bool summarizes,
        TimeSpan? delay,
        CancellationToken cancel
    )
    {
        if (string.IsNullOrWhiteSpace(command[0]))
        {
            throw CommandException.Usage("CMD is empty: name the command to run.");
        }
        var context = session.Context;
        var access = passes ? AccessOf(session.SignedIn) : [];
        var mask = SecretMask.Of(context.Variables(), SavedToken(session));
        using var recording = OpenRecording(session, pipes);
        using var live =
            recording is null || delay is not { } held
                ? null
                : await BeginAsync(session, LiveOf(story, command, mask, SizeFor(session, pipes), held), held, cancel)
                    .ConfigureAwait(false);
        var panic = live is null ? null : new PanicKey(live.Press, context.Clock);
        var addsReturns = pipes || !OperatingSystem.IsLinux() || !context.OutIsTerminal;
        var recorder = recording is null ? null : new Recorder(recording, mask, addsReturns, context.Clock, live);
        recorder?.Add(System.Text.Encoding.UTF8.GetBytes($"\e[1m$ {CleanText.OneLine(RunReport.Words(command, mask))}\e[0m\r\n"));
        // With --json, stdout has only the JSON. Otherwise the command's output stays on its stream.
        var output = session.Out.IsJson ? session.Out.TakeErrorStream() : session.Out.TakeStream();
        var result =
            OperatingSystem.IsLinux() && !pipes
                ? await TerminalCommand.RunAsync(command, access, context, output, recorder, panic, cancel).ConfigureAwait(false)
                : await PipedCommand
                    .RunAsync(
                        command,
                        access,
                        output,
                        session.Out.TakeErrorStream(),
                        recorder,
                        context.ShutdownSignals,
                        context.Clock,
                        cancel
                    )
                    .ConfigureAwait(false);
        if (result.StartError is { } fault)
        {
            if (live is not null)
            {
                await DiscardAsync(session, live, cancel).ConfigureAwait(false);
            }
            return session.Out.Fail(new(result.ExitCode, fault));
        }
        if (result.OutputFault is { } lost)
        {
            session.Out.Warn($"Some of the command's output was not shown: {lost}");
        }
        recorder?.End();
        if (recording is not null)
        {
            await RunReport
                .PostAsync(session, Fill(story, command, mask, result), recording, result, summarizes, live)
                .ConfigureAwait(false);
        }
        if (
            !passes
            && result.ExitCode != 0
            && recorder?.NamesOurVariables == true
            && context.Variables().Any(variable => variable.Key.StartsWith("STORIES_TOKEN", StringComparison.Ordinal))
        )
        {
            // Most commands that fail have never looked for them: a test, a compiler.
            session.Out.Note("The command got no STORIES_* variables and no token. Use --pass-access to pass them on.");
        }
        cancel.ThrowIfCancellationRequested();
        return result.ExitCode;
    }

    /// <summary>Null unless others watch.</summary>
    private static TimeSpan? ReadDelay(string? given, bool isLive)
    {
        if (!isLive)
        {
            return given is null ? null : throw CommandException.Usage($"{DelayName} is for --live.");
        }
        if (given is null)
        {
            return DefaultDelay;
        }
        return Durations.TryParse(given, out var delay) && delay >= TimeSpan.Zero && delay <= Limits.LiveDelayMaximum
            ? delay
            : throw CommandException.Usage($"{DelayName} takes a time from 0s to 60s, not \"{given}\".");
    }

    private static NewLive LiveOf(NewStory story, string[] command, SecretMask mask, (int Columns, int Rows) size, TimeSpan delay) =>
        new()
        {
            Caption = story.Caption is { } caption ? mask.Apply(caption) : RunReport.Words(command, mask),
            Ttl = story.Ttl,
            Slot = story.Slot,
            Tags = story.Tags,
            Audience = story.Audience,
            Links = story.Links?.Select(mask.Apply).ToArray(),
            RepliesOn = story.RepliesOn,
            Source = story.Source,
            Width = Math.Min(size.Columns, Limits.LiveColumns),
            Height = Math.Min(size.Rows, Limits.LiveRows),
            Delay = Durations.Format(delay),
        };

    /// <summary>Begins to be watched. If that does not work, the command runs all the same, and its result is posted at the end.</summary>
    private static async Task<LiveSender?> BeginAsync(Session session, NewLive live, TimeSpan delay, CancellationToken cancel)
    {
        ApiClient? api = null;
        try
        {
            // It has its own retries: what it says of each would come in the middle of the command's output.
            api = session.Connect(session.SignedIn, retries: 0);
            var sender = await LiveSender.BeginAsync(api, live, delay, session.Context.Clock, cancel).ConfigureAwait(false);
            session.Out.Note(
                $"Live as {sender.Id}, {Durations.Format(delay)} behind.{(session.Context.InIsTerminal ? " Ctrl-\\ twice ends and deletes it." : "")}"
            );
            return sender;
        }
        catch (Exception e) when (e is TimeoutException || CliError.IsKnown(e))
        {
            api?.Dispose();
            var fault = e is TimeoutException ? e.Message : CliError.Of(e).Message;
            session.Out.Warn($"Nobody can watch: {fault} The result is posted at the end.");
            return null;
        }
    }

    /// <summary>A command that could not be started leaves no story, as without watching.</summary>
    private static async Task DiscardAsync(Session session, LiveSender live, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), session.Context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await live.DeleteAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException || CliError.IsKnown(e))
        {
            session.Out.Warn($"The live terminal could not be deleted: stories rm {live.Id}");
        }
    }

    /// <summary>Variables that give a child <c>stories</c> the same access.</summary>
    private static (string Name, string Value)[] AccessOf(Connection signedIn) =>
        [("STORIES_URL", ServerAddress.Origin(signedIn.Server)), ("STORIES_TOKEN", signedIn.Token!)];

    private static NewStory Fill(NewStory story, string[] command, SecretMask mask, CommandResult result) =>
        story with
        {
            Caption = story.Caption is { } caption ? mask.Apply(caption) : RunReport.Caption(RunReport.Words(command, mask), result),
            Links = story.Links?.Select(mask.Apply).ToArray(),
            Source = (story.Source ?? new()) with
            {
                Status = result.ExitCode == 0 ? "passed" : "failed",
                ExitCode = result.ExitCode,
                DurationMs = (long)result.Duration.TotalMilliseconds,
            },
        };

    /// <summary>Null, with a note, if the recording cannot be stored. The command still runs.</summary>
    private static CastFile? OpenRecording(Session session, bool pipes)
    {
        try
        {
            return new(Path.GetTempPath(), SizeFor(session, pipes), Limits.RecordingBytes, session.Now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            session.Out.Warn($"The command is not recorded and not posted: {FileFault.Describe(e)}");
            return null;
        }
    }

    private static (int Columns, int Rows) SizeFor(Session session, bool pipes) =>
        OperatingSystem.IsLinux() && !pipes ? TerminalCommand.ReadSize(session.Context) : (80, 24);

    /// <summary>Masks our token in the recording. Errors in the settings are reported when we post.</summary>
    private static string? SavedToken(Session session)
    {
        try
        {
            return session.Connection.Token;
        }
        catch (Exception e) when (e is CommandException or ConfigException)
        {
            return null;
        }
    }
}
