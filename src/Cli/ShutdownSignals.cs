using System.Runtime.InteropServices;

namespace StoriesCli.Cli;

/// <summary>Signals that end a command. The first one cancels it; the second one has its default effect. A command that runs another command handles all of them itself.</summary>
internal sealed class ShutdownSignals : IDisposable
{
    private readonly CancellationTokenSource _wanted = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile Action<PosixSignal>? _taker;

    public ShutdownSignals() => _registrations = [Watch(PosixSignal.SIGINT), Watch(PosixSignal.SIGTERM), Watch(PosixSignal.SIGHUP)];

    public CancellationToken Wanted => _wanted.Token;

    /// <summary>Passes all signals, SIGQUIT included, to a handler until the result is disposed.</summary>
    /// <param name="taker">Called on any thread, possibly several times at once.</param>
    public IDisposable Take(Action<PosixSignal> taker)
    {
        _taker = taker;
        var quit = Watch(PosixSignal.SIGQUIT);
        return new Taken(() =>
        {
            _taker = null;
            quit.Dispose();
        });
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
        _wanted.Dispose();
    }

    private PosixSignalRegistration Watch(PosixSignal signal) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                if (_taker is { } taker)
                {
                    context.Cancel = true;
                    taker(context.Signal);
                    return;
                }
                context.Cancel = !_wanted.IsCancellationRequested;
                _wanted.Cancel();
            }
        );

    private sealed class Taken(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
