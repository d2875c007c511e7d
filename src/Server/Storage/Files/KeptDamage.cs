namespace StoriesCli.Server.Storage.Files;

/// <summary>A copy of a damaged file.</summary>
/// <param name="Path">Path of the copy.</param>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="At">When it was kept.</param>
internal sealed record KeptFile(string Path, long Bytes, DateTimeOffset At)
{
    /// <summary>When the server deletes it.</summary>
    public DateTimeOffset EndsAt => At + KeptDamage.Life;
}

/// <summary>
/// Copies of damaged files, for people who want to examine them. They may contain rows that were deleted since, so the server deletes them after a while.
/// A copy replaces the previous one, so there are at most two.
/// </summary>
internal static class KeptDamage
{
    public const string Suffix = ".damaged";

    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>Copies a damaged file. If the disk has no space for the copy, the server must still start with the undamaged rows.</summary>
    public static void Keep(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
            return;
        try
        {
            AtomicFile.Copy(path, path + Suffix);
        }
        catch (IOException)
        {
            File.Delete(path + Suffix + AtomicFile.NewSuffix);
        }
    }

    public static bool IsKept(DataDirectory directory, string path) => Names(directory).Contains(path);

    public static IReadOnlyList<KeptFile> Find(DataDirectory directory) =>
        [
            .. Names(directory)
                .Select(name => new FileInfo(name))
                .Where(file => file.Exists)
                .Select(file => new KeptFile(file.FullName, file.Length, new DateTimeOffset(file.LastWriteTimeUtc))),
        ];

    public static KeptFile? FindLog(DataDirectory directory) =>
        Find(directory).FirstOrDefault(file => file.Path == directory.LogFile + Suffix);

    /// <summary>Deletes expired copies.</summary>
    public static void DeleteOld(DataDirectory directory)
    {
        // File times come from the machine's clock, whatever the server's clock says.
        foreach (var file in Find(directory).Where(file => file.EndsAt <= TimeProvider.System.GetUtcNow()))
            File.Delete(file.Path);
    }

    private static string[] Names(DataDirectory directory) => [directory.DatabaseFile + Suffix, directory.LogFile + Suffix];
}
