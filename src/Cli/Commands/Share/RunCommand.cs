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
        var pipes = new Option<bool>("--no-pty")
        {
            Description = "Runs CMD with pipes instead of a terminal of its own, as where the system has none.",
        };
        var passes = new Option<bool>("--pass-access")
        {
            Description =
                "Gives CMD STORIES_URL and STORIES_TOKEN, so that it can call stories itself, as you. Without it CMD gets no variable of ours.",
        };
        var command = new StoriesCommand(
            "run",
            "Run a command and post what it did: result, duration and a recording. Ends as the command did, whatever becomes of the post. With --quiet the story's id goes to stderr: stdout is CMD's."
        )
        {
            words,
            pipes,
            passes,
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
            .EndsElse("as CMD did: its own code, 128+n after signal n, 126 or 127 when it cannot be started");
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
        CancellationToken cancel
    )
    {
        if (string.IsNullOrWhiteSpace(command[0]))
        {
            throw CommandException.Usage("CMD is empty: name the command to run.");
        }
        var around = session.Around;
        var access = passes ? AccessOf(session.SignedIn) : [];
        var mask = SecretMask.Of(around.Variables(), SavedToken(session));
        using var recording = OpenRecording(session, pipes);
        var addsReturns = pipes || !OperatingSystem.IsLinux() || !around.OutIsTerminal;
        var recorder = recording is null ? null : new Recorder(recording, mask, addsReturns, around.Clock);
        recorder?.Add(System.Text.Encoding.UTF8.GetBytes($"\e[1m$ {CleanText.OneLine(RunReport.Words(command, mask))}\e[0m\r\n"));
        // Who asks for JSON reads it from stdout alone. Otherwise the command's output stays where it was.
        var output = session.Out.IsJson ? session.Out.TakeErrorStream() : session.Out.TakeStream();
        var result =
            OperatingSystem.IsLinux() && !pipes
                ? await TerminalCommand.RunAsync(command, access, around, output, recorder, cancel).ConfigureAwait(false)
                : await PipedCommand
                    .RunAsync(command, access, output, session.Out.TakeErrorStream(), recorder, around.Interrupts, around.Clock, cancel)
                    .ConfigureAwait(false);
        if (result.Fault is { } fault)
        {
            return session.Out.Fail(new(result.ExitCode, fault));
        }
        if (result.OutputFault is { } lost)
        {
            session.Out.Warn($"What the command wrote was not all shown: {lost}");
        }
        recorder?.End();
        if (recording is not null)
        {
            await RunReport.PostAsync(session, Fill(story, command, mask, result), recording, result).ConfigureAwait(false);
        }
        if (
            !passes
            && result.ExitCode != 0
            && around.Variables().Any(variable => variable.Key.StartsWith("STORIES_TOKEN", StringComparison.Ordinal))
        )
        {
            session.Out.Note("The command got no STORIES_* variables, the token among them: --pass-access hands on the access.");
        }
        cancel.ThrowIfCancellationRequested();
        return result.ExitCode;
    }

    /// <summary>What another <c>stories</c> needs to act as this one does.</summary>
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

    /// <summary>Null, and said so, where nothing can be kept: the command runs all the same.</summary>
    private static CastFile? OpenRecording(Session session, bool pipes)
    {
        try
        {
            var size = OperatingSystem.IsLinux() && !pipes ? TerminalCommand.ReadSize(session.Around) : (80, 24);
            return new(Path.GetTempPath(), size, Limits.RecordingBytes, session.Now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            session.Out.Warn($"What the command does is not recorded, and not posted: {e.Message}");
            return null;
        }
    }

    /// <summary>The command may print the token that we would post with. What is wrong with our settings is said when they are needed.</summary>
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
