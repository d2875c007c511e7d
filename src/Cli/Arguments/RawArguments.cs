using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace StoriesCli.Cli.Arguments;

/// <summary>The arguments of this process as bytes. Names of files need not be UTF-8, and a string cannot hold such a name.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class RawArguments
{
    // O_PATH | O_CLOEXEC: only found, so that opening it for reading says itself why it may not.
    private const int FindOnly = 0x200000 | 0x80000;
    private const char Replacement = '\uFFFD';

    /// <summary>Whether a name may have lost bytes when it became a string.</summary>
    public static bool MayHaveLost(string name) => name.Contains(Replacement, StringComparison.Ordinal);

    /// <summary>Whether a value that came from the arguments is what was typed, byte for byte.</summary>
    public static bool IsWhole(string value) => !MayHaveLost(value) || IsWhole(File.ReadAllBytes("/proc/self/cmdline"), value);

    /// <param name="commandLine">As the system gives it: each argument ends with a zero.</param>
    /// <param name="value">An argument, or what stands at the end of one, as in <c>--output=FILE</c>.</param>
    internal static bool IsWhole(ReadOnlySpan<byte> commandLine, string value)
    {
        byte[] wanted = [.. System.Text.Encoding.UTF8.GetBytes(value), 0];
        return commandLine.IndexOf(wanted) >= 0;
    }

    /// <summary>Finds the file that an argument names.</summary>
    /// <param name="argument">As a string.</param>
    /// <param name="occurrence">How many arguments before it look alike as strings.</param>
    /// <returns>Null when there is no such argument or file.</returns>
    public static SafeFileHandle? Find(string argument, int occurrence)
    {
        if (Match(Environment.GetCommandLineArgs(), File.ReadAllBytes("/proc/self/cmdline"), argument, occurrence) is not { } name)
        {
            return null;
        }
        fixed (byte* path = name)
        {
            var handle = new SafeFileHandle(Open(path, FindOnly), ownsHandle: true);
            return handle.IsInvalid ? null : handle;
        }
    }

    /// <param name="arguments">As strings. Before them the command line may have others: of whatever runs this program.</param>
    /// <param name="commandLine">As the system gives it: each argument ends with a zero.</param>
    /// <param name="argument">The one that is asked for.</param>
    /// <param name="occurrence">How many before it look alike.</param>
    /// <returns>Its bytes, with the zero; null when there is none.</returns>
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

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(byte* path, int flags);
}
