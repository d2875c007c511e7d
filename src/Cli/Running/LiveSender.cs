using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Running;

/// <summary>
/// Sends a recording while it grows, some seconds behind. It never waits for the server where the command could notice, and a server that
/// goes away costs only the watching.
/// </summary>
internal sealed class LiveSender : IDisposable
{
    private static readonly TimeSpan BeginLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private readonly ApiClient _api;
    private readonly TimeSpan _delay;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly LiveLines _lines;
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<Story?> _sending;
    private int? _exitCode;
    private volatile bool _isPressed;
    private long _offset;

    private LiveSender(ApiClient api, Story story, TimeSpan delay, long mostBytes, TimeProvider clock)
    {
        (_api, Id, _delay, _clock, _lines) = (api, story.Id, delay, clock, new(mostBytes));
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Id of the story.</summary>
    public string Id { get; }

    /// <summary>Why nothing more could be sent; null if all was.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Whether the panic key was pressed: then nothing of the command may be posted.</summary>
    public bool IsPressed => _isPressed;

    /// <summary>Begins to send, within three seconds.</summary>
    /// <param name="api">A client without retries. Disposed with the sender.</param>
    /// <param name="live">The story.</param>
    /// <param name="delay">How long to hold output back.</param>
    /// <param name="clock">Clock of the delay.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ApiException">The server refused.</exception>
    /// <exception cref="ServerUnreachableException">No answer came.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public static async Task<LiveSender> BeginAsync(
        ApiClient api,
        NewLive live,
        TimeSpan delay,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var late = clock.CreateTimer(_ => limit.Cancel(), null, BeginLimit, Timeout.InfiniteTimeSpan);
        try
        {
            var limits = await api.Stories.GetLimitsAsync(limit.Token).ConfigureAwait(false);
            var story = await api.Live.BeginAsync(live, ApiClient.NewIdempotencyKey(), limit.Token).ConfigureAwait(false);
            return new(api, story, delay, limits.RecordingBytes, clock);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"the server did not answer within {BeginLimit.TotalSeconds:0} s");
        }
    }

    /// <summary>Adds an event of the recording. Never waits.</summary>
    /// <inheritdoc cref="LiveLines.Add(string, string, TimeSpan, long)"/>
    public void Add(string kind, string data, TimeSpan at)
    {
        lock (_gate)
        {
            _lines.Add(kind, data, at, _clock.GetTimestamp());
        }
    }

    /// <summary>Sends nothing more, and begins to delete the story.</summary>
    public void Press()
    {
        _isPressed = true;
        // Whether it worked is seen at the end, by another try.
        _ = Task.Run(() => DeleteAsync(CancellationToken.None)).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Sends the rest and the exit code.</summary>
    /// <returns>The story; null when it could not be completed, or was deleted.</returns>
    public async Task<Story?> EndAsync(int exitCode, CancellationToken cancel)
    {
        lock (_gate)
        {
            _exitCode = exitCode;
        }
        await _hurry.CancelAsync().ConfigureAwait(false);
        using var given = cancel.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _stop);
        return await _sending.ConfigureAwait(false);
    }

    /// <summary>Deletes the story of a command that could not be started, or after the panic key.</summary>
    public async Task DeleteAsync(CancellationToken cancel)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        for (var pause = Interval; ; pause = Longer(pause))
        {
            try
            {
                await _api.Stories.DeleteAsync(Id, cancel).ConfigureAwait(false);
                return;
            }
            catch (ApiException e) when (e.Status == 410)
            {
                return;
            }
            catch (Exception e) when (IsPassing(e))
            {
                await Task.Delay(pause, _clock, cancel).ConfigureAwait(false);
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _hurry.Dispose();
        _stop.Dispose();
        _api.Dispose();
    }

    private async Task<Story?> SendAsync()
    {
        try
        {
            var lastSent = _clock.GetTimestamp();
            while (true)
            {
                var (lines, exitCode) = TakeDue();
                if (lines.Length > 0 || _clock.GetElapsedTime(lastSent) >= SignOfLife)
                {
                    await SendAsync(lines).ConfigureAwait(false);
                    lastSent = _clock.GetTimestamp();
                }
                else if (exitCode is { } code)
                {
                    return await PersistAsync(() => _api.Live.EndAsync(Id, code, _stop.Token)).ConfigureAwait(false);
                }
                else
                {
                    await PauseAsync(Interval).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException or OperationCanceledException or InvalidDataException)
        {
            Fault = e;
            return null;
        }
    }

    private (byte[] Lines, int? ExitCode) TakeDue()
    {
        lock (_gate)
        {
            _stop.Token.ThrowIfCancellationRequested();
            long? until = _exitCode is null ? _clock.GetTimestamp() - (long)(_delay.TotalSeconds * _clock.TimestampFrequency) : null;
            return (_lines.Take(until, Limits.LiveOutputBytes), _exitCode);
        }
    }

    /// <summary>Sends lines until the server has them, from the place that it names.</summary>
    private async Task SendAsync(byte[] lines)
    {
        var rest = lines.AsMemory();
        do
        {
            rest = await PersistAsync(() => TryAsync(rest)).ConfigureAwait(false);
        } while (!rest.IsEmpty);
    }

    /// <returns>What the server does not have yet.</returns>
    private async Task<Memory<byte>> TryAsync(Memory<byte> lines)
    {
        long there;
        try
        {
            there = await _api.Live.AppendAsync(Id, _offset, lines, _stop.Token).ConfigureAwait(false);
        }
        catch (ApiException e) when (e is { Code: "live_offset", Offset: { } offset })
        {
            // An answer was lost: the server may have these bytes already.
            there = offset;
        }
        var known = there - _offset;
        if (known < 0 || known > lines.Length)
        {
            throw new InvalidDataException($"the server has {there:N0} bytes of output, and {_offset:N0} were sent");
        }
        _offset = there;
        return lines[(int)known..];
    }

    private async Task<T> PersistAsync<T>(Func<Task<T>> act)
    {
        for (var pause = Interval; ; pause = Longer(pause))
        {
            try
            {
                return await act().ConfigureAwait(false);
            }
            catch (Exception e) when (IsPassing(e))
            {
                await PauseAsync(pause).ConfigureAwait(false);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static bool IsPassing(Exception e) => e is ServerUnreachableException or ApiException { Status: 429 or 502 or 503 or 504 };

    /// <summary>Waits, but not once the command has ended.</summary>
    private async Task PauseAsync(TimeSpan pause)
    {
        if (_hurry.IsCancellationRequested)
        {
            // The caller of the end has a limit of its own.
            await Task.Delay(Interval, _clock, _stop.Token).ConfigureAwait(false);
            return;
        }
        await Task.Delay(pause, _clock, _hurry.Token).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        _stop.Token.ThrowIfCancellationRequested();
    }
}
