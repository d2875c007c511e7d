using StoriesCli.Posix;

namespace StoriesCli.Cli.Terminal;

/// <summary>
/// The parent may have closed a standard stream. The next opened file would get its number: a pipe of the runtime would
/// become our input, or our results would be written into it.
/// </summary>
internal static class StandardStreams
{
    /// <summary>Opens <c>/dev/null</c> for closed streams. Called before anything else.</summary>
    public static void Open()
    {
        for (var descriptor = 0; OperatingSystem.IsLinux() && descriptor <= 2; descriptor++)
        {
            if (Libc.Ask(descriptor, Libc.GetFlags) < 0)
            {
                // The lowest free number is this one.
                _ = Libc.Open("/dev/null", Libc.ReadOnly);
            }
        }
    }
}
