using System.Runtime.InteropServices;

namespace StoriesCli.Cli.Running;

/// <summary>The environment as libc has it: every byte is kept, where a copy in our strings would not.</summary>
internal static unsafe class NativeEnvironment
{
    /// <summary>What a command that we start may know: all but our own variables, a token among them.</summary>
    /// <returns>Pointers into libc's own memory, and null at the end.</returns>
    public static byte*[] WithoutOurs()
    {
        var all = *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
        var count = 0;
        while (all[count] != null)
        {
            count++;
        }
        var kept = new byte*[count + 1];
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            if (!MemoryMarshal.CreateReadOnlySpanFromNullTerminated(all[i]).StartsWith("STORIES_"u8))
            {
                kept[next++] = all[i];
            }
        }
        return kept;
    }
}
