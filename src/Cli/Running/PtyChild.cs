using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using StoriesCli.Posix;
using static StoriesCli.Posix.Libc;
using static StoriesCli.Posix.LibcProcess;
using static StoriesCli.Posix.LibcSpawn;
using static StoriesCli.Posix.LibcTerminal;

namespace StoriesCli.Cli.Running;

/// <summary>Source of a command's input.</summary>
internal enum CommandInput
{
    /// <summary>Keys typed into its terminal.</summary>
    Typed,

    /// <summary>Our own standard input.</summary>
    Shared,

    /// <summary>Nothing: an end of file.</summary>
    None,
}

/// <summary>A command in its own session that writes to a new pseudo-terminal.</summary>
/// <remarks>If somebody types, it is the session's controlling terminal. Otherwise the session has none, so that background children are not hung up and <c>/dev/tty</c> fails instead of waiting.</remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PtyChild : IDisposable
{
    private const int NameBytes = 128;

    private PtyChild(int master, int slave)
    {
        Master = master;
        Slave = slave;
    }

    /// <summary>The master side of the terminal; -1 after hanging up.</summary>
    public int Master { get; private set; }

    /// <summary>The slave side, which we keep open: otherwise reading the master fails while the command has closed its copies.</summary>
    public int Slave { get; private set; }

    public int Process { get; private set; }

    /// <summary>The errno of a failed start; 0 if it succeeded.</summary>
    public int StartError { get; private set; }

    /// <param name="command">The program and its arguments.</param>
    /// <param name="access">Our variables that it gets.</param>
    /// <param name="size">Size of the terminal, set before the command starts.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="isUsed">Whether somebody types, which makes it the session's controlling terminal.</param>
    /// <param name="addsReturns">Whether a line feed also gets a carriage return, as a terminal needs and a file does not.</param>
    public static PtyChild Start(
        string[] command,
        (string Name, string Value)[] access,
        WindowSize size,
        CommandInput input,
        bool isUsed,
        bool addsReturns
    )
    {
        // Non-blocking, so that a command that stops reading does not stop us from copying its output.
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
            _ = LibcTerminal.Control(slave, SetWindowSize, &size);
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

    /// <summary>Waits on its own thread; 128 + n if a signal ended the command.</summary>
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

    /// <summary>Hangs up the terminal: the kernel signals the session.</summary>
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
        LibcTerminal.SetMode(slave, 0, &mode);
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
        // The runtime ignores SIGPIPE, and child processes inherit that.
        SetSignalDefaults(&attributes, &everySignal);
        SetSignalMask(&attributes, &noSignal);
        SetFlags(&attributes, SpawnNewSession | SpawnSignalDefaults | SpawnSignalMask);
        StartActions(&actions);
        // The session exists before the actions run, so the opened terminal becomes its controlling terminal unless a flag prevents it.
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

        // On the heap, because a command line may be too long for the stack.
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
            error = LibcSpawn.Spawn(&process, arguments[0], &actions, &attributes, arguments, environment);
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
