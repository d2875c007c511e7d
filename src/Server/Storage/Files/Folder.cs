using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Posix;

namespace StoriesCli.Server.Storage.Files;

/// <summary>Makes file names durable. .NET cannot open a folder, so this calls libc.</summary>
internal static class Folder
{
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const uint InitiateWrite = 2;
    private const int MayWrite = 2,
        MayEnter = 1;

    // Root may act as the owner of the data directory: the user who acts is asked for, not the real one.
    private const int CurrentFolder = -100,
        EffectiveUser = 0x200;

    /// <summary>Waits until every name created in, moved into or removed from the folder is on disk.</summary>
    public static void Sync(string path)
    {
        var descriptor = Libc.Open(path, ReadOnlyCloseOnExec);
        if (descriptor < 0)
            throw Failure("opened", path);
        try
        {
            if (Libc.Flush(descriptor) != 0)
                throw Failure("flushed to the disk", path);
        }
        finally
        {
            Libc.Close(descriptor);
        }
    }

    /// <summary>Has the disk begin to write a part of a file, and does not wait for it. Promises nothing: only a flush does.</summary>
    public static void StartWriting(SafeFileHandle file, long offset, long bytes) =>
        _ = Libc.StartWriting((int)file.DangerousGetHandle(), offset, bytes, InitiateWrite);

    /// <summary>Finds why nothing can be created in this folder or its nearest existing parent, or why this file cannot be written. Changes nothing.</summary>
    /// <returns>Null when no obstacle was found.</returns>
    public static string? FindWriteFault(string path)
    {
        var there = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        while (!Path.Exists(there) && Path.GetDirectoryName(there) is { } above)
            there = above;
        var isFolder = Directory.Exists(there);
        if (!isFolder && there != Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))
            return $"'{there}' is a file";
        return Libc.Access(CurrentFolder, there, isFolder ? MayWrite | MayEnter : MayWrite, EffectiveUser) == 0
            ? null
            : $"'{there}': {Marshal.GetLastPInvokeErrorMessage()}";
    }

    private static IOException Failure(string verb, string path) =>
        new($"The folder '{path}' could not be {verb}: {Marshal.GetLastPInvokeErrorMessage()}.");
}
