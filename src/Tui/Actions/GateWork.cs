using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Waits for what a story needs. The server tells by an event stream of its own: nothing is asked in a loop.</summary>
internal sealed class GateWork(TuiOptions options)
{
    private readonly ApiClient _client = options.Client;

    public async Task<Outcome> WaitAsync(Deed.Wait wait, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (wait.Until is { } until)
        {
            var left = until - options.Clock.GetUtcNow() - _client.ClockOffset;
            late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        try
        {
            var (story, state) = await _client.WaitAsync(wait.StoryId, wait.Gate, cancel: late.Token).ConfigureAwait(false);
            var words = wait.Gate.Describe(story);
            return state == GateState.Passed
                ? new Outcome.Waited(story, true, words)
                : new Outcome.Waited(story, false, $"the poll was closed with {words}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Outcome.Waited(wait.Story, false, "the time is over");
        }
        catch (ApiException e) when (e.Status is 404 or 410)
        {
            return new Outcome.Waited(wait.Story, false, "it is gone");
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            return new Outcome.Waited(wait.Story, false, $"waiting has ended: {e.Message}");
        }
    }
}
