using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static StoriesCli.Cli.Running.Libc;

namespace StoriesCli.Cli.Running;

/// <summary>What a command reads.</summary>
internal enum CommandInput
{
    /// <summary>What is typed into its terminal.</summary>
    Typed,

    /// <summary>Our own standard input.</summary>
    Shared,

    /// <summary>Nothing: an end of file.</summary>
    None,
}

/// <summary>A command that leads a session of its own and writes into a new pseudo-terminal.</summary>
/// <remarks>The terminal is its session's, as with a login, where somebody types. Elsewhere it has none, as without us: what it leaves running behind is not hung up, and what would ask at <c>/dev/tty</c> fails instead of waiting for nobody.</remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PtyChild : IDisposable
{
    private const int NameBytes = 128;

    private PtyChild(int master, int slave)
    {
        Master = master;
        Slave = slave;
    }

    /// <summary>Our end of the terminal; -1 once it is hung up.</summary>
    public int Master { get; private set; }

    /// <summary>The command's end, held open by us too: otherwise the master fails while the command has closed its copies.</summary>
    public int Slave { get; private set; }

    public int Process { get; private set; }

    /// <summary>Why the command could not be started, as libc's number; 0 when it was.</summary>
    public int StartError { get; private set; }

    /// <param name="command">The program and its arguments.</param>
    /// <param name="access">Variables of ours that it gets all the same.</param>
    /// <param name="size">Of the terminal, known before the command can ask.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="isUsed">Whether somebody types into its terminal, which is then its session's.</param>
    /// <param name="addsReturns">Whether a new line also goes back to the first column: so a terminal wants it, and a file does not.</param>
    public static PtyChild Start(
        string[] command,
        (string Name, string Value)[] access,
        WindowSize size,
        CommandInput input,
        bool isUsed,
        bool addsReturns
    )
    {
        // A command that stops reading must not stop us from copying what it writes.
        var master = Check(OpenPseudoTerminal(ReadWrite | NoControllingTerminal | CloseOnExec | NonBlocking), "posix_openpt");
        var slave = -1;
        try
        {
            Check(GrantPseudoTerminal(master), "grantpt");
            Check(UnlockPseudoTerminal(master), "unlockpt");
            var name = stackalloc byte[NameBytes];
            if (NamePseudoTerminal(master, name, NameBytes) != 0)
            {
                throw new IOException("The system gave a terminal without a name.");
            }
            slave = Check(Open(name, ReadWrite | NoControllingTerminal | CloseOnExec), "open");
            _ = Libc.Control(slave, SetWindowSize, &size);
            SetUp(slave, addsReturns);
            var child = new PtyChild(master, slave);
            child.StartError = child.Spawn(command, access, name, input, isUsed);
            return child;
        }
        catch
        {
            Close(master);
            if (slave >= 0)
            {
                Close(slave);
            }
            throw;
        }
    }

    /// <summary>Waits on a thread of its own; 128 + n when a signal ended the command.</summary>
    public int WaitForExitCode()
    {
        int status;
        while (Wait(Process, &status, 0) < 0)
        {
            if (LastError != Interrupted)
            {
                return CommandResult.NotStarted;
            }
        }
        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }

    /// <summary>Hangs up: the kernel tells the command's session.</summary>
    public void Dispose()
    {
        if (Master >= 0)
        {
            Close(Slave);
            Close(Master);
            Master = Slave = -1;
        }
    }

    private static void SetUp(int slave, bool addsReturns)
    {
        TerminalMode mode;
        _ = GetMode(slave, &mode);
        mode.Output = addsReturns ? mode.Output : mode.Output & ~ReturnBeforeNewline;
        Libc.SetMode(slave, 0, &mode);
    }

    private int Spawn(string[] command, (string Name, string Value)[] access, byte* slaveName, CommandInput input, bool isUsed)
    {
        Opaque attributes,
            actions,
            everySignal,
            noSignal;
        FillSet(&everySignal);
        EmptySet(&noSignal);
        StartAttributes(&attributes);
        // The runtime ignores SIGPIPE, and what is ignored stays so in a program that is started.
        SetSignalDefaults(&attributes, &everySignal);
        SetSignalMask(&attributes, &noSignal);
        SetFlags(&attributes, SpawnNewSession | SpawnSignalDefaults | SpawnSignalMask);
        StartActions(&actions);
        // The session is new before the actions run, so that what is opened here becomes its terminal unless it is told not to.
        AddOpen(&actions, 1, slaveName, isUsed ? ReadWrite : ReadWrite | NoControllingTerminal, 0);
        AddCopy(&actions, 1, 2);
        if (input == CommandInput.Typed)
        {
            AddCopy(&actions, 1, 0);
        }
        else if (input == CommandInput.None)
        {
            fixed (byte* nothing = "/dev/null\0"u8)
            {
                AddOpen(&actions, 0, nothing, ReadOnly, 0);
            }
        }

        // On the heap: a command line may have more words than the stack has room for.
        var arguments = (byte**)NativeMemory.Alloc((nuint)command.Length + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < command.Length; i++)
        {
            arguments[i] = (byte*)Marshal.StringToCoTaskMemUTF8(command[i]);
        }
        arguments[command.Length] = null;
        int process;
        int error;
        var added = access.Select(variable => Marshal.StringToCoTaskMemUTF8($"{variable.Name}={variable.Value}")).ToArray();
        fixed (byte** environment = NativeEnvironment.WithoutOurs(added))
        {
            error = Libc.Spawn(&process, arguments[0], &actions, &attributes, arguments, environment);
        }
        for (var i = 0; i < command.Length; i++)
        {
            Marshal.FreeCoTaskMem((nint)arguments[i]);
        }
        foreach (var variable in added)
        {
            Marshal.ZeroFreeCoTaskMemUTF8(variable);
        }
        NativeMemory.Free(arguments);
        EndActions(&actions);
        EndAttributes(&attributes);
        Process = error == 0 ? process : 0;
        return error;
    }
}
