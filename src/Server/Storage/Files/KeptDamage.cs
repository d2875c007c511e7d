namespace StoriesCli.Server.Storage.Files;

/// <summary>A damaged file that is kept aside.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="At">When it was kept.</param>
internal sealed record KeptFile(string Path, long Bytes, DateTimeOffset At)
{
    /// <summary>When the server deletes it.</summary>
    public DateTimeOffset EndsAt => At + KeptDamage.Life;
}

/// <summary>
/// Copies of damaged files, for whoever wants to dig in them. They may show what has been deleted since, so they end by themselves.
/// A copy replaces the one of before, so there are never more than two.
/// </summary>
internal static class KeptDamage
{
    public const string Suffix = ".damaged";

    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>Copies a file aside. A disk without room for the copy must not keep the server from what is whole.</summary>
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

    /// <summary>Deletes the copies whose time is over.</summary>
    public static void DeleteOld(DataDirectory directory)
    {
        // A file's times are the machine's, whatever the server's clock says.
        foreach (var file in Find(directory).Where(file => file.EndsAt <= TimeProvider.System.GetUtcNow()))
            File.Delete(file.Path);
    }

    private static string[] Names(DataDirectory directory) => [directory.DatabaseFile + Suffix, directory.LogFile + Suffix];
}
