using System.Runtime.InteropServices;

namespace StoriesCli.Cli.Terminal;

/// <summary>
/// Whoever starts us may have closed one of the three streams. The next thing that is opened would get its number: a pipe of the runtime's own would
/// be read as our input, or our results be written into it.
/// </summary>
internal static partial class StandardStreams
{
    private const int GetFlags = 1,
        ReadOnly = 0;

    /// <summary>Gives what is closed a file that is at its end, and that takes nothing. Called before anything else.</summary>
    public static void Open()
    {
        for (var descriptor = 0; OperatingSystem.IsLinux() && descriptor <= 2; descriptor++)
        {
            if (Ask(descriptor, GetFlags) < 0)
            {
                // The lowest free number is this one.
                _ = OpenFile("/dev/null", ReadOnly);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Ask(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);
}
