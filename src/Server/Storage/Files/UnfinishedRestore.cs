namespace StoriesCli.Server.Storage.Files;

/// <summary>How a data directory shows that a restore into it is under way, or was killed: no server starts in it then.</summary>
internal static class UnfinishedRestore
{
    /// <summary>There from before the first byte is restored until the last one is in its place; locked while the restore runs.</summary>
    public const string MarkName = "restore-unfinished";

    /// <summary>The folder in the data directory in which everything is made.</summary>
    public const string StageName = "restoring";

    /// <exception cref="ForeignDirectoryException">A restore into this directory has not ended.</exception>
    public static void VerifyNone(string path)
    {
        if (File.Exists(Path.Combine(path, MarkName)))
        {
            throw new ForeignDirectoryException(
                $"'{path}' holds a restore that is under way or was killed. Run 'stories-server restore FILE --data {path}' again: it begins anew and removes what is left of the other."
            );
        }
    }
}
