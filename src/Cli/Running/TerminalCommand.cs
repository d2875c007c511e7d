using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static StoriesCli.Cli.Running.Libc;

namespace StoriesCli.Cli.Running;

/// <summary>A command that writes into a pseudo-terminal, so that it colours what it writes. Who types at ours is read through it too; any other input is the command's own, byte for byte.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class TerminalCommand
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs it to its end, on a thread of its own.</summary>
    public static Task<CommandResult> RunAsync(
        string[] command,
        (string Name, string Value)[] access,
        Surroundings around,
        Stream output,
        Recorder? recorder,
        CancellationToken cancel
    ) =>
        Task.Factory.StartNew(
            () => Run(command, access, around, output, recorder, cancel),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public static (int Columns, int Rows) ReadSize(Surroundings around)
    {
        var size = Keyboard.SizeOfTerminal(around.Environment);
        return (size.Columns, size.Rows);
    }

    private static CommandResult Run(
        string[] command,
        (string Name, string Value)[] access,
        Surroundings around,
        Stream output,
        Recorder? recorder,
        CancellationToken cancel
    )
    {
        KeepExitCodes();
        var input = around.InDescriptor ?? -1;
        // Who has piped something in may still type: a pager reads its keys from the terminal, not from its input.
        using var terminal = !around.InIsTerminal && around.OutIsTerminal ? OwnTerminal.Open() : null;
        var typed = around.InIsTerminal ? input : terminal?.Descriptor ?? -1;
        using var keyboard = typed >= 0 ? Keyboard.Of(typed) : null;
        // In the background, reading the terminal would stop the command.
        var kind = around.InIsTerminal
            ? keyboard is not null
                ? CommandInput.Typed
                : CommandInput.None
            : input >= 0 && IsInherited(input)
                ? CommandInput.Shared
                : CommandInput.None;
        // Before the command is there: what it sends us at once is for it, and waits until it can be passed on.
        using var signals = new SignalPipe();
        using var taken = around.Interrupts?.Take(signals.Raise);
        var startedAt = around.Clock.GetTimestamp();
        using var child = PtyChild.Start(
            command,
            access,
            Keyboard.SizeOfTerminal(around.Environment),
            kind,
            isUsed: keyboard is not null,
            addsReturns: around.OutIsTerminal
        );
        if (child.StartError != 0)
        {
            return CommandResult.Failed(command[0], child.StartError);
        }
        var relay = new Relay(child, signals, keyboard is null ? -1 : typed, output, keyboard, recorder);
        var process = child.Process;
        using var ended = cancel.UnsafeRegister(_ => End(process), null);
        return new(relay.Run(), around.Clock.GetElapsedTime(startedAt)) { OutputFault = relay.OutputFault };
    }

    /// <summary>Where the stream was closed when we started, its number may be something of the runtime's, which closes when a program is started.</summary>
    private static bool IsInherited(int descriptor) => Ask(descriptor, GetFlags) is >= 0 and var flags && (flags & ClosesOnExec) == 0;

    /// <summary>Asks the command's session to end, then ends it.</summary>
    private static void End(int process)
    {
        _ = Send(-process, SignalNumbers.Of(PosixSignal.SIGTERM));
        _ = Task.Delay(Grace).ContinueWith(_ => Send(-process, Kill), TaskScheduler.Default);
    }

    /// <summary>Whoever started us may ignore the end of children: then the system forgets exit codes before we can ask.</summary>
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
