using System.Runtime.Versioning;
using static StoriesCli.Cli.Running.Libc;

namespace StoriesCli.Cli.Running;

/// <summary>The terminal that we were started from, whatever our own streams are.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class OwnTerminal : IDisposable
{
    private OwnTerminal(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <summary>Null where there is none.</summary>
    public static OwnTerminal? Open()
    {
        fixed (byte* path = "/dev/tty\0"u8)
        {
            return Libc.Open(path, ReadWrite | NoControllingTerminal | CloseOnExec) is >= 0 and var descriptor ? new(descriptor) : null;
        }
    }

    public void Dispose() => Close(Descriptor);
}
