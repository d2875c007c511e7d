using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using StoriesCli.Posix;
using StoriesCli.Tui.Screen;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace StoriesCli.Tui.Terminal;

/// <summary>Runs Terminal.Gui's loop so that it sleeps until there is input, a message, a signal, room on a slow line, or something due.</summary>
/// <remarks>
/// Terminal.Gui polls: its loop 60 times a second, its input 50 times. Both are replaced by one poll(2), see decision 0281. Where its internal
/// constructor is missing, or on Windows, it polls as ever.
/// </remarks>
internal sealed unsafe class TerminalLoop : IDisposable
{
    private const int PollsPerSecond = 60,
        ReadBytes = 4096,
        Again = 11,
        AgainElsewhere = 35;

    /// <summary>Terminal.Gui takes an Esc alone for a key after 50 ms.</summary>
    private const int LoneEscapeMilliseconds = 55;

    /// <summary>It asks the terminal what it can, and gives up after a second; both happen as the loop goes round.</summary>
    private static readonly TimeSpan _questions = TimeSpan.FromSeconds(2.5);
    private const int QuestionMilliseconds = 50;

    /// <summary>How often what is due is looked for, where Terminal.Gui polls.</summary>
    private static readonly TimeSpan _polledTick = TimeSpan.FromMilliseconds(50);

    private readonly WakePipe _wake;
    private readonly TerminalGuard _guard;
    private readonly TerminalInput? _input;
    private readonly TerminalOutput? _output;
    private readonly TerminalMode? _raw;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly AnswerFilter _answers;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private MainWindow? _window;
    private bool _goesRoundAgain = true,
        _isHungUp,
        _wasBusy,
        _hasDropped;
    private int _isContinued;

    /// <param name="wake">Ends the wait; it outlives the application.</param>
    /// <param name="guard">Is told when the terminal is gone.</param>
    /// <param name="polls">Polls although it need not.</param>
    public TerminalLoop(WakePipe wake, TerminalGuard guard, bool polls = false)
    {
        (_wake, _guard) = (wake, guard);
        _answers = new(answer => Answered?.Invoke(answer));
        var parts = new QuietParts();
        if (!polls && !OperatingSystem.IsWindows() && Create(parts) is { } quiet)
        {
            App = quiet;
            Application.MaximumIterationsPerSecond = ushort.MaxValue;
            App.Init(DriverRegistry.Names.ANSI);
            (_input, _output) = (parts.Input, parts.Output);
            App.Iteration += (_, _) => Wait();
            App.TimedEvents!.Added += (_, _) => wake.Wake();
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => wake.Wake()));
        }
        else
        {
            App = Application.Create();
            Application.MaximumIterationsPerSecond = PollsPerSecond;
            App.Init(DriverRegistry.Names.ANSI);
            App.Iteration += (_, _) => ContinueIfContinued();
        }
        App.Driver!.GetInputProcessor().AnsiSequenceSwallowed += (_, answer) => Answered?.Invoke(answer);
        _raw = TerminalMode.Read();
        if (!OperatingSystem.IsWindows())
        {
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, OnContinued));
        }
    }

    public IApplication App { get; }

    /// <summary>The terminal answered what Terminal.Gui did not ask; on the UI thread, from its ESC on, perhaps without its end.</summary>
    public event Action<string>? Answered;

    /// <summary>Whether the terminal has not taken the last frame yet. No other is drawn until then.</summary>
    public bool IsBusy => _output?.IsWaiting == true;

    /// <summary>Sends bytes between the cells.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_output is null)
        {
            TerminalMode.Write(bytes);
        }
        else
        {
            _output.Send(bytes);
        }
    }

    /// <summary>Forgets what the terminal has not taken yet, because the whole screen follows.</summary>
    public void DropWaiting()
    {
        if (!_hasDropped)
        {
            _output?.Drop();
        }
        _hasDropped = false;
    }

    /// <summary>Until the window ends.</summary>
    public void Run(MainWindow window, Func<Exception, bool> swallow)
    {
        _window = window;
        // Queries to the terminal go out now: the first frame drops unsent output.
        _output?.Flush();
        if (_input is null)
        {
            App.AddTimeout(
                _polledTick,
                () =>
                {
                    window.Tick();
                    return true;
                }
            );
        }
        try
        {
            App.Run(window, swallow);
        }
        finally
        {
            _output?.Leave();
        }
    }

    /// <summary>Sets the terminal as it has to be, and draws everything: somebody else may have set it or written on it.</summary>
    public void Redraw() => Redraw(""u8);

    private void Redraw(ReadOnlySpan<byte> screen)
    {
        _raw?.Apply();
        DropWaiting();
        Write(screen);
        // Cursor, mouse reports, bracketed paste.
        Write("\e[?25l\e[?1003h\e[?1015h\e[?1006h\e[?2004h"u8);
        if (App.Driver is { KittyKeyboardCapabilities.IsSupported: true })
        {
            Write(Encoding.ASCII.GetBytes($"\e[={(int)EscSeqUtils.KittyKeyboardRequestedFlags};1u"));
        }
        App.ClearScreenNextIteration = true;
        _window?.SetNeedsDraw();
        // These must not be forgotten when the frame begins.
        _hasDropped = true;
        _goesRoundAgain = true;
    }

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        App.Dispose();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Terminal.Gui.App.ApplicationImpl, Terminal.Gui")]
    private static extern object NewApplication(IComponentFactory componentFactory);

    /// <summary>Null where Terminal.Gui has no such constructor.</summary>
    private static IApplication? Create(QuietParts parts)
    {
        try
        {
            return (IApplication)NewApplication(parts);
        }
        catch (Exception e) when (e is MissingMethodException or TypeLoadException)
        {
            return null;
        }
    }

    /// <summary>Takes the place of what polls.</summary>
    private sealed class QuietParts : AnsiComponentFactory
    {
        public TerminalInput? Input { get; private set; }

        public TerminalOutput? Output { get; private set; }

        public override IInput<char> CreateInput() => Input = new();

        public override IOutput CreateOutput()
        {
            Output = new();
            if (TerminalPixels.CellsOfScreen() is { } screen)
            {
                Output.SetSize(screen.Width, screen.Height);
            }
            return Output;
        }
    }

    private void OnContinued(PosixSignalContext context)
    {
        // Else the runtime sets the terminal's mode too, to one of before the UI, and sometimes after it was set here.
        context.Cancel = true;
        Volatile.Write(ref _isContinued, 1);
        _wake.Wake();
    }

    /// <summary>Another program had the terminal meanwhile, and left it in another mode and on another screen.</summary>
    private void ContinueIfContinued()
    {
        if (Interlocked.Exchange(ref _isContinued, 0) != 0)
        {
            Redraw("\e[?1049h"u8);
            _window?.SkipTime();
        }
    }

    private void Wait()
    {
        Span<Libc.PollDescriptor> waited = stackalloc Libc.PollDescriptor[3];
        do
        {
            _output!.Flush();
            HoldWhileBusy();
            waited[0] = new() { Descriptor = _wake.Descriptor, Events = Libc.PollIn };
            waited[1] = new() { Descriptor = _isHungUp ? -1 : 0, Events = Libc.PollIn };
            waited[2] = new() { Descriptor = IsBusy ? 1 : -1, Events = Libc.PollOut };
            fixed (Libc.PollDescriptor* descriptors = waited)
            {
                _ = Libc.Poll(descriptors, (nuint)waited.Length, TimeLeft());
            }
            // Room for more of a frame is no reason to look at anything else.
        } while (waited[2].Returned != 0 && waited[0].Returned == 0 && waited[1].Returned == 0 && TimeLeft() != 0);
        var isWoken = waited[0].Returned != 0 || waited[1].Returned != 0;
        if (waited[0].Returned != 0)
        {
            _wake.Clear();
        }
        if (waited[1].Returned != 0)
        {
            Read();
        }
        ContinueIfContinued();
        if (_window!.TimeUntilDue <= TimeSpan.Zero)
        {
            _window.Tick();
            isWoken = true;
        }
        // Terminal.Gui runs its timers after it has drawn: what they change is drawn by another round.
        _goesRoundAgain = isWoken;
    }

    private void HoldWhileBusy()
    {
        if (_wasBusy != IsBusy)
        {
            _wasBusy = IsBusy;
            _window!.Hold(_wasBusy);
        }
    }

    /// <returns>Milliseconds; -1: as long as it takes.</returns>
    private int TimeLeft()
    {
        if (_goesRoundAgain || App.TopRunnableView is { NeedsDraw: true } or { NeedsLayout: true })
        {
            return 0;
        }
        var left = int.MaxValue;
        if (_window!.TimeUntilDue is { } due)
        {
            left = (int)Math.Clamp(Math.Ceiling(due.TotalMilliseconds), 0, left);
        }
        if (((TimedEvents)App.TimedEvents!).CheckTimers(out var timer))
        {
            left = Math.Min(left, timer + 1);
        }
        if (App.Driver!.GetInputProcessor().GetParser().State is not AnsiResponseParserState.Normal)
        {
            left = Math.Min(left, LoneEscapeMilliseconds);
        }
        if (Stopwatch.GetElapsedTime(_started) < _questions)
        {
            left = Math.Min(left, QuestionMilliseconds);
        }
        return left == int.MaxValue ? -1 : left;
    }

    private void Read()
    {
        var bytes = stackalloc byte[ReadBytes];
        var count = (int)Libc.Read(0, bytes, ReadBytes);
        if (count > 0)
        {
            Span<char> characters = stackalloc char[ReadBytes];
            _input!.Add(_answers.Take(characters[.._decoder.GetChars(new(bytes, count), characters, flush: false)]));
        }
        else if (count == 0 || Libc.LastError is not (Libc.Interrupted or Again or AgainElsewhere))
        {
            _isHungUp = true;
            _guard.HangUp();
        }
    }
}
