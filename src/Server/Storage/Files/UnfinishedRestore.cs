using StoriesCli.Contracts;

namespace StoriesCli.Server.Storage.Files;

/// <summary>Marks a data directory into which a restore runs, or was killed. No server starts in it.</summary>
internal static class UnfinishedRestore
{
    /// <summary>Exists from before the first restored byte until the last one is in place. Locked while the restore runs.</summary>
    public const string MarkName = "restore-unfinished";

    /// <summary>Folder in the data directory where the restore builds all files.</summary>
    public const string StageName = "restoring";

    /// <exception cref="ForeignDirectoryException">A restore into this directory has not finished.</exception>
    public static void VerifyNone(string path)
    {
        if (File.Exists(Path.Combine(path, MarkName)))
        {
            throw new ForeignDirectoryException(
                $"'{path}' holds a restore that is under way or was killed. To start it over, which deletes what the first one left: "
                    + $"stories-server restore FILE --data {ShellWord.Of(path)}. If it was stories-server migrate, run that again, and it goes on"
            );
        }
    }
}
