using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Runs the model's commands off the UI thread, each by itself, and posts how they end.</summary>
internal sealed class CommandRunner(TuiOptions options, Action<Msg> post, CancellationToken cancel)
{
    private static readonly TimeSpan _timeLimit = TimeSpan.FromSeconds(20);

    private readonly Dictionary<int, CancellationTokenSource> _running = [];
    private int _last;

    public void OnModelChanged(Model model)
    {
        foreach (var number in _running.Keys.Where(number => !model.Commands.Any(command => command.Number == number)).ToArray())
        {
            // Ended, or no longer wanted.
            _running.Remove(number, out var running);
            running!.Cancel();
            running.Dispose();
        }
        foreach (var command in model.Commands.Where(command => command.Number > _last))
        {
            _last = command.Number;
            var wanted = _running[command.Number] = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var context = new CommandContext(options, model.Session.Zone, command.Number, post);
            _ = Task.Run(() => RunAsync(command, context, wanted.Token), cancel);
        }
    }

    private async Task RunAsync(Command command, CommandContext context, CancellationToken wanted)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(wanted);
        if (!command.IsLong)
        {
            late.CancelAfter(_timeLimit);
        }
        try
        {
            Ended(
                options.Restricted && command.IsOffWhenRestricted
                    ? command.Fail("Files and other programs are off here: --restricted.")
                    : await command.RunAsync(context, late.Token).ConfigureAwait(false)
            );
        }
        catch (OperationCanceledException) when (wanted.IsCancellationRequested)
        {
            // Nobody waits for it.
        }
        catch (OperationCanceledException)
        {
            Ended(command.Fail($"{options.Client.Server.Authority} has not answered within {_timeLimit.TotalSeconds:0} s."));
        }
        catch (Exception e)
            when (e
                    is ApiException
                        or UploadRefusedException
                        or PollException
                        or ServerUnreachableException
                        or SecretLostException
                        or IOException
                        or UnauthorizedAccessException
                        or InvalidDataException
                        or ArgumentException
            )
        {
            Ended(command.Fail(Explain(e)));
            if (e is ApiException { Status: 410 } && command.GoneOn410 is { } gone)
            {
                post(new ServerMsg.StoryGone(gone));
            }
        }

        void Ended(CommandResult result) => post(new CommandMsg.Ended(command.Number, result));
    }

    /// <summary>The server's reasons by field, under the labels of our forms; they name the limit and the value.</summary>
    private static string Explain(Exception e) =>
        e is ApiException { Errors.Count: > 0 } refused
            ? string.Join(". ", refused.Errors.Select(field => $"{FieldLabels.Of(field.Key)}: {string.Join("; ", field.Value)}"))
        : e is IOException or UnauthorizedAccessException ? FileFault.Describe(e)
        : e.Message;
}
