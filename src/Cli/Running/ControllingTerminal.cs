using System.Runtime.Versioning;
using StoriesCli.Posix;
using static StoriesCli.Posix.Libc;

namespace StoriesCli.Cli.Running;

/// <summary>The terminal that started this process, independent of its streams.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class ControllingTerminal : IDisposable
{
    private ControllingTerminal(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <summary>Null if there is none.</summary>
    public static ControllingTerminal? Open()
    {
        fixed (byte* path = "/dev/tty\0"u8)
        {
            return Libc.Open(path, ReadWrite | NoControllingTerminal | CloseOnExec) is >= 0 and var descriptor ? new(descriptor) : null;
        }
    }

    public void Dispose() => Close(Descriptor);
}
