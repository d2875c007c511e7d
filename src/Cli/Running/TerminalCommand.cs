using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static StoriesCli.Posix.Libc;
using static StoriesCli.Posix.LibcProcess;

namespace StoriesCli.Cli.Running;

/// <summary>Runs a command in a pseudo-terminal, so that it uses colours. Keys from our terminal go through it; any other input goes to the command unchanged.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class TerminalCommand
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs the command to its end on its own thread.</summary>
    public static Task<CommandResult> RunAsync(
        string[] command,
        (string Name, string Value)[] access,
        CliContext context,
        Stream output,
        Recorder? recorder,
        PanicKey? panic,
        CancellationToken cancel
    ) =>
        Task.Factory.StartNew(
            () => Run(command, access, context, output, recorder, panic, cancel),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public static (int Columns, int Rows) ReadSize(CliContext context)
    {
        var size = Keyboard.SizeOfTerminal(context.Environment);
        return (size.Columns, size.Rows);
    }

    private static CommandResult Run(
        string[] command,
        (string Name, string Value)[] access,
        CliContext context,
        Stream output,
        Recorder? recorder,
        PanicKey? panic,
        CancellationToken cancel
    )
    {
        KeepExitCodes();
        var input = context.InDescriptor ?? -1;
        // With piped input the user may still type: a pager reads keys from the terminal.
        using var terminal = !context.InIsTerminal && context.OutIsTerminal ? ControllingTerminal.Open() : null;
        var typed = context.InIsTerminal ? input : terminal?.Descriptor ?? -1;
        using var keyboard = typed >= 0 ? Keyboard.Of(typed) : null;
        // In the background, reading the terminal would stop this process.
        var kind = context.InIsTerminal
            ? keyboard is not null
                ? CommandInput.Typed
                : CommandInput.None
            : input >= 0 && IsInherited(input)
                ? CommandInput.Shared
                : CommandInput.None;
        // Before the start, so that an early signal waits until it can be passed on.
        using var signals = new SignalPipe();
        using var taken = context.ShutdownSignals?.Take(signals.Raise);
        var startedAt = context.Clock.GetTimestamp();
        using var child = PtyChild.Start(
            command,
            access,
            Keyboard.SizeOfTerminal(context.Environment),
            kind,
            isUsed: keyboard is not null,
            addsReturns: context.OutIsTerminal
        );
        if (child.StartError != 0)
        {
            return CommandResult.Failed(command[0], child.StartError);
        }
        var relay = new Relay(child, signals, keyboard is null ? -1 : typed, output, keyboard, recorder, panic);
        var process = child.Process;
        using var ended = cancel.UnsafeRegister(_ => End(process), null);
        return new(relay.Run(), context.Clock.GetElapsedTime(startedAt)) { OutputFault = relay.OutputFault };
    }

    /// <summary>If the stream was closed at start, its number may belong to the runtime, which closes it in children.</summary>
    private static bool IsInherited(int descriptor) => Ask(descriptor, GetFlags) is >= 0 and var flags && (flags & ClosesOnExec) == 0;

    /// <summary>Asks the session to end, then kills it.</summary>
    private static void End(int process)
    {
        _ = Send(-process, SignalNumbers.Of(PosixSignal.SIGTERM));
        _ = Task.Delay(Grace).ContinueWith(_ => Send(-process, Kill), TaskScheduler.Default);
    }

    /// <summary>Our parent may have set SIGCHLD to be ignored. Then the system discards exit codes.</summary>
    private static void KeepExitCodes()
    {
        const int Ignored = 1;
        Opaque found;
        if (GetHandler(ChildSignal, null, &found) == 0 && found.Words[0] == Ignored)
        {
            _ = SetHandler(ChildSignal, 0);
        }
    }
}
