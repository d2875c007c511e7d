using System.Threading.Channels;
using Npgsql;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>
/// Wakes the servers that follow, soon after a commit. Nobody relies on it: they look each second. It rings on a connection of its own,
/// because PostgreSQL lets only one transaction with a notification commit at a time.
/// </summary>
internal sealed class PostgresBell : IDisposable
{
    // However many commits there are, it rings this often.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20),
        PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _pulls = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly NpgsqlDataSource _source;

    private PostgresBell(NpgsqlDataSource source) => _source = source;

    /// <summary>For the writer.</summary>
    public static PostgresBell ToRing(NpgsqlDataSource source)
    {
        var bell = new PostgresBell(source);
        _ = bell.RepeatAsync(bell.RingAsync);
        return bell;
    }

    /// <summary>For a server that follows.</summary>
    /// <param name="source">Makes the connection.</param>
    /// <param name="heard">Called on any thread when it rings.</param>
    public static PostgresBell ToHear(NpgsqlDataSource source, Action heard)
    {
        var bell = new PostgresBell(source);
        _ = bell.RepeatAsync(cancel => bell.HearAsync(heard, cancel));
        return bell;
    }

    /// <summary>Has it ring soon. Does not wait.</summary>
    public void Pull() => _pulls.Writer.TryWrite(true);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> work)
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Yield();
                await work(stop).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A file of the password that cannot be read for a moment is as good a reason as a database that is away.
                // Without it the others are later by up to a second.
                await Task.Delay(PauseAfterFailure, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RingAsync(CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel).ConfigureAwait(false);
        while (await _pulls.Reader.WaitToReadAsync(cancel).ConfigureAwait(false))
        {
            _pulls.Reader.TryRead(out _);
            await using var command = connection.Command("notify stories_commits");
            await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }
    }

    private async Task HearAsync(Action heard, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel).ConfigureAwait(false);
        connection.Notification += (_, _) => heard();
        await using (var command = connection.Command("listen stories_commits"))
            await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
        while (true)
            await connection.WaitAsync(cancel).ConfigureAwait(false);
    }
}
