using System.CommandLine;
using StoriesCli.Cli.Running;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands;

internal static class RunCommand
{
    public static Command Make(Runner runner)
    {
        var words = new Argument<string[]>("CMD") { Arity = ArgumentArity.OneOrMore, Description = "The command and its arguments, after --." };
        var options = new StoryOptions();
        var pipes = new Option<bool>("--no-pty") { Description = "Runs CMD with pipes instead of a terminal of its own, as where the system has none." };
        var command = new StoriesCommand("run", "Run a command and post what it did: result, duration and a recording. Ends as the command did, whatever becomes of the post.")
        {
            words, pipes,
        }.With(
        [
            "stories run -- make test",
            "stories run --slot build/main --caption \"Nightly\" -- ./nightly.sh --all",
            "stories run --json -- make test | jq -r .id",
        ], ExitCode.Refused).EndsElse("as CMD did: its own code, 128+n after signal n, 126 or 127 when it cannot be started");
        foreach (var option in options.All)
        {
            command.Add(option);
        }
        command.SetAction(runner.Run((session, parsed, cancel) => RunAsync(session, parsed.GetValue(words)!, options.Read(parsed, session.Around.Environment), parsed.GetValue(pipes), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(Session session, string[] command, NewStory story, bool pipes, CancellationToken cancel)
    {
        var around = session.Around;
        var mask = SecretMask.Of(around.Variables(), SavedToken(session));
        using var recording = OpenRecording(session, pipes);
        var addsReturns = pipes || !OperatingSystem.IsLinux() || !around.OutIsTerminal;
        var recorder = recording is null ? null : new Recorder(recording, mask, addsReturns, around.Clock);
        recorder?.Add(System.Text.Encoding.UTF8.GetBytes($"\e[1m$ {CleanText.OneLine(RunReport.Words(command, mask))}\e[0m\r\n"));
        // Whoever asked for JSON or ids reads them from stdout alone.
        var output = session.Out.IsJson || session.Out.IsQuiet ? session.Out.TakeErrorStream() : session.Out.TakeStream();
        var result = OperatingSystem.IsLinux() && !pipes
            ? await TerminalCommand.RunAsync(command, around, output, recorder, cancel).ConfigureAwait(false)
            : await PipedCommand.RunAsync(command, output, session.Out.TakeErrorStream(), recorder, around.Interrupts, around.Clock, cancel).ConfigureAwait(false);
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
        cancel.ThrowIfCancellationRequested();
        return result.ExitCode;
    }

    private static NewStory Fill(NewStory story, string[] command, SecretMask mask, CommandResult result) => story with
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
        catch (Exception e) when (e is CommandException or Client.ConfigException)
        {
            return null;
        }
    }
}
