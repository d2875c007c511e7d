using System.CommandLine;
using StoriesCli.Cli.Running;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Share;

internal static class RunCommand
{
    public static Command Make(Runner runner)
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
        var command = new StoriesCommand(
            "run",
            "Run a command and post its result, duration and recording. Exits with the command's exit code, even if posting fails. With --quiet the story's id goes to stderr, because stdout belongs to CMD."
        )
        {
            words,
            pipes,
            passes,
            summary,
        }
            .With(
                [
                    "stories run -- make test",
                    "stories run --slot build/main --caption \"Nightly\" -- ./nightly.sh --all",
                    "stories run --json -- make test | jq -r .id",
                    "stories run --pass-access -- ./nightly.sh",
                ],
                ExitCode.Refused
            )
            .EndsElse("CMD's own exit code; 128+n after signal n; 126 or 127 if it cannot be started");
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
        var addsReturns = pipes || !OperatingSystem.IsLinux() || !context.OutIsTerminal;
        var recorder = recording is null ? null : new Recorder(recording, mask, addsReturns, context.Clock);
        recorder?.Add(System.Text.Encoding.UTF8.GetBytes($"\e[1m$ {CleanText.OneLine(RunReport.Words(command, mask))}\e[0m\r\n"));
        // With --json, stdout has only the JSON. Otherwise the command's output stays on its stream.
        var output = session.Out.IsJson ? session.Out.TakeErrorStream() : session.Out.TakeStream();
        var result =
            OperatingSystem.IsLinux() && !pipes
                ? await TerminalCommand.RunAsync(command, access, context, output, recorder, cancel).ConfigureAwait(false)
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
            return session.Out.Fail(new(result.ExitCode, fault));
        }
        if (result.OutputFault is { } lost)
        {
            session.Out.Warn($"Some of the command's output was not shown: {lost}");
        }
        recorder?.End();
        if (recording is not null)
        {
            await RunReport.PostAsync(session, Fill(story, command, mask, result), recording, result, summarizes).ConfigureAwait(false);
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
            var size = OperatingSystem.IsLinux() && !pipes ? TerminalCommand.ReadSize(session.Context) : (80, 24);
            return new(Path.GetTempPath(), size, Limits.RecordingBytes, session.Now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            session.Out.Warn($"The command is not recorded and not posted: {FileFault.Describe(e)}");
            return null;
        }
    }

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
