using StoriesCli.Client;
using StoriesCli.Tui.State;

namespace StoriesCli.Tui.Effects;

/// <summary>Asks for the tray again and again. Whatever else learns of new stories posts the same messages in its place.</summary>
internal sealed class TrayPoll(TuiOptions options, Action<Msg> post)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly ApiClient _client = options.Client;
    private bool _knowsMe = options.Handle is not null;

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(_pause, options.Clock);
        try
        {
            do
            {
                post(new Msg.Trying());
                post(await AskAsync(cancel).ConfigureAwait(false));
            }
            while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The UI has ended.
        }
    }

    private async Task<Msg> AskAsync(CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(_patience);
        try
        {
            if (!_knowsMe)
            {
                post(new Msg.SignedIn((await _client.GetMeAsync(late.Token).ConfigureAwait(false)).Handle));
                _knowsMe = true;
            }
            return new Msg.TrayArrived([.. await _client.GetTrayAsync(late.Token).ConfigureAwait(false)]);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Msg.TrayFailed($"{_client.Server.Authority} has not answered within {_patience.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            return new Msg.TrayFailed(e.Message);
        }
    }
}
