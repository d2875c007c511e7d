using System.Runtime.InteropServices;

namespace StoriesCli.Tui.Terminal;

/// <summary>Gives the terminal back whole, however the process ends: signals become a clean stop, anything else a repair.</summary>
/// <remarks>
/// Terminal.Gui restores it on an ordinary end only; a signal or another thread's crash would leave raw mode, mouse reports and
/// the alternate screen behind. One guard a process, made before the first application.
/// </remarks>
internal sealed class TerminalGuard : IDisposable
{
    private const int HangUpSignal = 1;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly TerminalMode? _mode = TerminalMode.Read();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Action _stop;
    private volatile bool _taken;
    private int _asked;

    /// <param name="stop">Asks the application to end; called on any thread, and must not block.</param>
    public TerminalGuard(Action stop)
    {
        _stop = stop;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
        AppDomain.CurrentDomain.UnhandledException += OnCrash;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>What is written first to take pictures away.</summary>
    public string ResetSequence
    {
        get;
        set
        {
            field = value;
            if (_taken)
            {
                _mode?.Prepare(value);
            }
        }
    } = "";

    /// <summary>The signal that ended the application, if one did.</summary>
    public int? Signal { get; private set; }

    /// <summary>Cancelled by the first signal. A program that holds the terminal then gives it back.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>An application has the terminal until the result is disposed.</summary>
    public IDisposable Take()
    {
        _taken = true;
        _mode?.Prepare(ResetSequence);
        return new Taken(this);
    }

    /// <summary>A player has the terminal until the result is disposed.</summary>
    public IDisposable? GiveAway() => _mode?.WithoutHold();

    /// <summary>The terminal is gone. SIGHUP may come only later.</summary>
    public void HangUp()
    {
        Signal ??= HangUpSignal;
        _stop();
    }

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _stopping.Dispose();
        AppDomain.CurrentDomain.UnhandledException -= OnCrash;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private void OnSignal(PosixSignalContext context)
    {
        var number = context.Signal switch
        {
            PosixSignal.SIGHUP => HangUpSignal,
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            _ => 15,
        };
        if (!_taken && number is 2 or 3)
        {
            // A player has the terminal: its keys are its own business, and it reports its end.
            context.Cancel = true;
            return;
        }
        Signal = number;
        if (Interlocked.Exchange(ref _asked, 1) != 0)
        {
            return;
        }
        context.Cancel = true;
        _stop();
        _stopping.Cancel();
        _ = Task.Delay(_patience).ContinueWith(_ => EndStuck(number), TaskScheduler.Default);
    }

    /// <summary>The UI thread did not answer.</summary>
    private void EndStuck(int signal)
    {
        Repair();
        Environment.Exit(128 + signal);
    }

    private void OnCrash(object sender, UnhandledExceptionEventArgs e)
    {
        Repair();
        // The UI thread may still be drawing, and must not draw over what was repaired.
        TerminalMode.Silence(1);
        TerminalOutput.Silence();
    }

    private void OnExit(object? sender, EventArgs e) => Repair();

    private void Repair()
    {
        if (_taken)
        {
            _mode?.Restore(ResetSequence);
        }
    }

    private sealed class Taken(TerminalGuard guard) : IDisposable
    {
        public void Dispose()
        {
            guard._taken = false;
            CrashHandler.Disarm();
            if (guard._mode is not null)
            {
                TerminalMode.LeaveApplicationKeys();
            }
        }
    }
}
