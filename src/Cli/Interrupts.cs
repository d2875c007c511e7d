using System.Runtime.InteropServices;

namespace StoriesCli.Cli;

/// <summary>The signals that end a command. The first asks it to end, the second does what it does by itself; a command that runs another takes them all.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _wanted = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile Action<PosixSignal>? _taker;

    public Interrupts() => _registrations = [Watch(PosixSignal.SIGINT), Watch(PosixSignal.SIGTERM), Watch(PosixSignal.SIGHUP)];

    public CancellationToken Wanted => _wanted.Token;

    /// <summary>Hands what arrives to somebody else, quit too, until the result is disposed.</summary>
    /// <param name="taker">Called on any thread, also while it is at work already.</param>
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
