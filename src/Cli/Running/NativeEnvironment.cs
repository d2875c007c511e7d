using System.Runtime.InteropServices;

namespace StoriesCli.Cli.Running;

/// <summary>The environment as libc has it: every byte is kept, where a copy in our strings would not.</summary>
internal static unsafe class NativeEnvironment
{
    /// <summary>What a command that we start may know: all but our own variables, a token among them.</summary>
    /// <param name="added"><c>NAME=value</c> in UTF-8, ended by a zero: variables of ours that it gets all the same.</param>
    /// <returns>Pointers into libc's own memory and to what was added, and null at the end.</returns>
    public static byte*[] WithoutOurs(params nint[] added)
    {
        var all = *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
        var count = 0;
        while (all[count] != null)
        {
            count++;
        }
        var kept = new byte*[count + added.Length + 1];
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            if (!MemoryMarshal.CreateReadOnlySpanFromNullTerminated(all[i]).StartsWith("STORIES_"u8))
            {
                kept[next++] = all[i];
            }
        }
        foreach (var variable in added)
        {
            kept[next++] = (byte*)variable;
        }
        return kept;
    }
}
