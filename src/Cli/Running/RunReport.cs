using System.Globalization;
using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Running;

/// <summary>Posts a command's result. Takes ten seconds at most, and never changes the exit code of <c>stories run</c>.</summary>
internal static class RunReport
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private const int MostCommandCharacters = 200;

    /// <param name="session">Of the command.</param>
    /// <param name="story">The story, with the command's result.</param>
    /// <param name="recording">The whole recording.</param>
    /// <param name="result">How the command ended.</param>
    /// <param name="summarizes">Whether to write the summary of a CI step.</param>
    /// <param name="live">Where it was watched; null when it was not.</param>
    public static async Task PostAsync(
        Session session,
        NewStory story,
        CastFile recording,
        CommandResult result,
        bool summarizes,
        LiveSender? live = null
    )
    {
        using var limit = new CancellationTokenSource(Longest, session.Context.Clock);
        using var taken = session.Context.ShutdownSignals?.Take(_ => limit.Cancel());
        try
        {
            if (live is { IsPressed: true })
            {
                await live.DeleteAsync(limit.Token).ConfigureAwait(false);
                session.Out.Note($"The live terminal {live.Id} is deleted. Nothing of the command is posted.");
                return;
            }
            if (live is not null && await live.EndAsync(result.ExitCode, limit.Token).ConfigureAwait(false) is { } ended)
            {
                await TellAsync(session, ended, story.Source!.Status, result, summarizes, limit.Token).ConfigureAwait(false);
                return;
            }
            if (live?.Fault is { } lost)
            {
                session.Out.Warn(
                    $"The live terminal {live.Id} could not be completed, so the recording is posted by itself: {lost.Message}"
                );
            }
            if (recording.WriteError is { } fault)
            {
                session.Out.Warn($"The recording is incomplete: {fault}");
            }
            var limits = await session.Api.Stories.GetLimitsAsync(limit.Token).ConfigureAwait(false);
            var media = MediaUpload.FromFile(recording.Make(limits.RecordingBytes));
            var posted = await session
                .Api.Stories.PostAsync(story, media, ApiClient.NewIdempotencyKey(), null, limit.Token)
                .ConfigureAwait(false);
            await TellAsync(session, posted, story.Source!.Status, result, summarizes, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            session.Out.Fail(
                new(
                    ExitCode.Unavailable,
                    live is { IsPressed: true }
                        ? $"The live terminal was not deleted within {Longest.TotalSeconds:0} s. Delete it: stories rm {live.Id}"
                        : $"The result was not posted within {Longest.TotalSeconds:0} s."
                )
            );
        }
        catch (Exception e) when (CliError.IsKnown(e))
        {
            var fault = CliError.Of(e);
            session.Out.Fail(
                fault with
                {
                    Message = live is { IsPressed: true }
                        ? $"The live terminal was not deleted: {fault.Message} Delete it: stories rm {live.Id}"
                        : "The result was not posted: " + fault.Message,
                }
            );
        }
    }

    private static async Task TellAsync(
        Session session,
        Story posted,
        string? status,
        CommandResult result,
        bool summarizes,
        CancellationToken cancel
    )
    {
        if (session.Out.IsJson)
        {
            StoryOutput.PrintOne(session, posted);
            Flush(session);
        }
        else if (session.Out.IsQuiet)
        {
            session.Out.Aside(posted.Id);
        }
        session.Out.Note($"Posted {posted.Id} ({status}, {Time(result.Duration)}, {StoryText.Left(posted.ExpiresAt, session.Now)} left).");
        if (summarizes)
        {
            StepSummary.Add(session, posted);
        }
        await AudienceNote.SayAsync(session, posted, cancel).ConfigureAwait(false);
    }

    private static string Time(TimeSpan duration) =>
        duration < TimeSpan.FromSeconds(10)
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0}s")
            : Durations.FormatRounded(duration);

    /// <summary>The story is posted. A failure to print its id changes nothing.</summary>
    private static void Flush(Session session)
    {
        try
        {
            session.Out.Flush();
        }
        catch (IOException e)
        {
            session.Out.Warn($"The result cannot be written: {FileFault.Reason(e)}.");
        }
    }

    /// <summary>The command line for people, not for running.</summary>
    public static string Words(string[] command, SecretMask mask)
    {
        var words = mask.Apply(
            string.Join(' ', command.Select(word => word.Length == 0 || word.Any(char.IsWhiteSpace) ? $"'{word}'" : word))
        );
        return words.Length <= MostCommandCharacters ? words : string.Concat(words.AsSpan(0, MostCommandCharacters), "…");
    }

    public static string Caption(string words, CommandResult result) =>
        result.ExitCode switch
        {
            0 => $"{words}: passed after {Time(result.Duration)}",
            > 128 and <= 192 => $"{words}: ended by {SignalNumbers.Name(result.ExitCode - 128)} after {Time(result.Duration)}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{words}: failed with {result.ExitCode} after {Time(result.Duration)}"),
        };
}
