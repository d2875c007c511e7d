using System.Collections.Immutable;
using System.Threading.Channels;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Reports seen stories to the server, in order, and retries until it succeeds.</summary>
internal sealed class ViewReporter
{
    private static readonly TimeSpan _pauseAfterFault = TimeSpan.FromSeconds(5);

    private readonly ApiClient _client;
    private readonly Action<Msg> _post;
    private readonly TimeProvider _clock;
    private readonly Channel<string> _waiting = Channel.CreateUnbounded<string>(new() { SingleReader = true, SingleWriter = true });
    private ImmutableHashSet<string> _known = [];

    public ViewReporter(ApiClient client, Action<Msg> post, TimeProvider clock, CancellationToken cancel)
    {
        _client = client;
        _post = post;
        _clock = clock;
        _ = Task.Run(() => RunAsync(cancel), cancel);
    }

    public void OnModelChanged(Model model)
    {
        if (ReferenceEquals(_known, model.Marks.Seen))
        {
            return;
        }
        foreach (var id in model.Marks.Seen.Except(_known))
        {
            _waiting.Writer.TryWrite(id);
        }
        _known = model.Marks.Seen;
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        await foreach (var id in _waiting.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            while (!await TryMarkAsync(id, cancel).ConfigureAwait(false))
            {
                await Task.Delay(_pauseAfterFault, _clock, cancel).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> TryMarkAsync(string id, CancellationToken cancel)
    {
        try
        {
            await _client.Stories.MarkViewedAsync(id, cancel).ConfigureAwait(false);
        }
        catch (ServerUnreachableException)
        {
            return false;
        }
        catch (ApiException e) when (e.Status == 410)
        {
            _post(new ServerMsg.StoryGone(id));
        }
        catch (ApiException e)
        {
            // Refused, or gone for this viewer: no retry helps.
            return e.ExitCode != 6;
        }
        return true;
    }
}
