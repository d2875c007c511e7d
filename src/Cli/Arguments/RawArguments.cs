using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Arguments;

/// <summary>The arguments of this process as bytes. File names need not be UTF-8, and a string cannot hold such a name.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class RawArguments
{
    // O_PATH | O_CLOEXEC: do not open for reading yet, so that a later open reports the error.
    private const int FindOnly = 0x200000 | 0x80000;
    private const char Replacement = '\uFFFD';

    /// <summary>Whether a name may have lost bytes when it became a string.</summary>
    public static bool MayHaveLost(string name) => name.Contains(Replacement, StringComparison.Ordinal);

    /// <summary>Whether a value from the arguments equals the typed bytes.</summary>
    public static bool IsWhole(string value) => !MayHaveLost(value) || IsWhole(File.ReadAllBytes("/proc/self/cmdline"), value);

    /// <param name="commandLine">As the system gives it, with a zero byte after each argument.</param>
    /// <param name="value">An argument, or the end of one, as in <c>--output=FILE</c>.</param>
    internal static bool IsWhole(ReadOnlySpan<byte> commandLine, string value)
    {
        byte[] wanted = [.. System.Text.Encoding.UTF8.GetBytes(value), 0];
        return commandLine.IndexOf(wanted) >= 0;
    }

    /// <summary>Finds the file that an argument names.</summary>
    /// <param name="argument">As a string.</param>
    /// <param name="occurrence">How many earlier arguments are equal as strings.</param>
    /// <returns>Null when there is no such argument or file.</returns>
    public static SafeFileHandle? Find(string argument, int occurrence)
    {
        if (Match(Environment.GetCommandLineArgs(), File.ReadAllBytes("/proc/self/cmdline"), argument, occurrence) is not { } name)
        {
            return null;
        }
        fixed (byte* path = name)
        {
            var handle = new SafeFileHandle(Libc.Open(path, FindOnly), ownsHandle: true);
            return handle.IsInvalid ? null : handle;
        }
    }

    /// <param name="arguments">As strings. The command line may begin with the arguments of the program that runs this one.</param>
    /// <param name="commandLine">As the system gives it, with a zero byte after each argument.</param>
    /// <param name="argument">The wanted argument.</param>
    /// <param name="occurrence">How many earlier ones are equal as strings.</param>
    /// <returns>Its bytes with the final zero; null if there is none.</returns>
    internal static byte[]? Match(string[] arguments, byte[] commandLine, string argument, int occurrence)
    {
        var raw = new List<byte[]>();
        for (var rest = commandLine.AsSpan(); rest.IndexOf((byte)0) is >= 0 and var end; rest = rest[(end + 1)..])
        {
            raw.Add(rest[..(end + 1)].ToArray());
        }
        var skipped = raw.Count - arguments.Length;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (i + skipped >= 0 && arguments[i] == argument && occurrence-- == 0)
            {
                return raw[i + skipped];
            }
        }
        return null;
    }
}
