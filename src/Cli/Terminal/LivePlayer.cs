using System.Threading.Channels;
using StoriesCli.Cli.Running;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Cli.Terminal;

/// <summary>Shows a live terminal until its command ends. Restores the screen afterwards and prints the last one. No key reaches the command.</summary>
internal sealed class LivePlayer(Session session, string id)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(33);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CliContext _context = session.Context;
    private readonly LiveTerminalLines _lines = new();
    private readonly Channel<LiveEvent> _events = Channel.CreateBounded<LiveEvent>(64);

    private (int Columns, int Rows) Size => OperatingSystem.IsLinux() ? TerminalCommand.ReadSize(_context) : (_context.Width(), 24);

    /// <returns>The key that ended it; none if the command ended.</returns>
    /// <exception cref="ApiException">The story is gone, or may no longer be seen.</exception>
    public async Task<PlayerKey> PlayAsync(CancellationToken cancel)
    {
        var ending = await PlayerScreen.RunAsync(_context, session.Out.TakeStream(), FollowAsync, cancel).ConfigureAwait(false);
        if (ending != PlayerKey.Interrupt)
        {
            session.Out.Drawing(_lines.DrawLast(Math.Max(1, Size.Columns - 1), int.MaxValue, RecordingPlayer.ColoursOf(_context)));
        }
        return ending;
    }

    private async Task<PlayerKey> FollowAsync(PlayerScreen screen, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var following = FollowAsync(stop.Token);
        try
        {
            return await RunAsync(screen, cancel).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await following.ConfigureAwait(false);
        }
    }

    private async Task<PlayerKey> RunAsync(PlayerScreen screen, CancellationToken cancel)
    {
        var size = Size;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            screen.TakeContinued();
            var key = screen.ReadKey();
            if (key is PlayerKey.Quit or PlayerKey.Interrupt)
            {
                return key;
            }
            var changed = screen.IsEmpty;
            while (_events.Reader.TryRead(out var happened))
            {
                _lines.Take(happened);
                changed = true;
            }
            if (Size is var current && current != size)
            {
                size = current;
                screen.Clear();
                changed = true;
            }
            if (changed)
            {
                screen.Show(_lines.Draw(size.Columns, size.Rows, RecordingPlayer.ColoursOf(_context)));
            }
            if (_events.Reader.Completion.IsCompleted)
            {
                await _events.Reader.Completion.ConfigureAwait(false);
                return PlayerKey.None;
            }
            await Task.Delay(Frame, _context.Clock, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the stream, and opens it again when it breaks off, until the command has ended.</summary>
    private async Task FollowAsync(CancellationToken cancel)
    {
        try
        {
            while (!await FollowOnceAsync(cancel).ConfigureAwait(false))
            {
                await Task.Delay(Pause, _context.Clock, cancel).ConfigureAwait(false);
            }
            _events.Writer.Complete();
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException or OperationCanceledException)
        {
            _events.Writer.Complete(e is OperationCanceledException ? null : e);
        }
    }

    /// <returns>Whether the command has ended.</returns>
    private async Task<bool> FollowOnceAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var happened in session.Api.Live.FollowAsync(id, cancel).ConfigureAwait(false))
            {
                if (happened.Type == LiveEventTypes.End)
                {
                    return true;
                }
                await _events.Writer.WriteAsync(happened, cancel).ConfigureAwait(false);
            }
            return false;
        }
        catch (ApiException e) when (e.Code == Errors.LiveEnded.Code)
        {
            return true;
        }
    }
}
