using System.Runtime.InteropServices;

namespace StoriesCli.Cli.Running;

/// <summary>The environment as libc has it. A copy as .NET strings would change bytes that are not UTF-8.</summary>
internal static unsafe class NativeEnvironment
{
    /// <summary>The environment for a child command, without our own variables and the token.</summary>
    /// <param name="added">Variables to add, as <c>NAME=value</c> in UTF-8 with a final zero.</param>
    /// <returns>Pointers into libc's memory and to the added variables, with a final null.</returns>
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
