using System.Text.RegularExpressions;

namespace StoriesCli.Cli.Saving;

/// <summary>Removes partial files that a killed command left in a folder, at the next save there.</summary>
internal static partial class PartialFileCleanup
{
    // Limits the work in large folders.
    private const int EntriesLookedAt = 20_000,
        RemovedAtOnce = 100;

    /// <summary>Within this time a broken download can be resumed.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Twelve hexadecimal digits for the name of a partial file, before <c>.part</c>.</summary>
    public static string NewName() => Guid.NewGuid().ToString("N")[..12];

    /// <param name="folder">Folder of the saved file.</param>
    /// <param name="own">The partial file that is about to be written or resumed; never removed.</param>
    /// <param name="now">The time.</param>
    public static void Remove(string folder, string own, DateTimeOffset now)
    {
        try
        {
            var old = new DirectoryInfo(folder)
                .EnumerateFiles()
                .Take(EntriesLookedAt)
                .Where(file =>
                    NameOfPiece().IsMatch(file.Name)
                    && file.Name != Path.GetFileName(own)
                    && file.LinkTarget is null
                    && now - file.LastWriteTimeUtc > Kept
                )
                .Take(RemovedAtOnce)
                .ToList();
            old.ForEach(TryRemove);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            // A folder that cannot be listed does not prevent saving.
        }
    }

    private static void TryRemove(FileInfo piece)
    {
        try
        {
            // A running command holds it open.
            using var held = new FileStream(piece.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            piece.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use, or not accessible.
        }
    }

    [GeneratedRegex(@"\A\.(?:.+\.)?[0-9a-f]{12}\.part\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex NameOfPiece();
}
