using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace StoriesCli.Cli.Saving;

/// <summary>Pieces of files that a killed command left in the folder that it saved into. Whoever saves there next removes them.</summary>
internal static partial class AbandonedParts
{
    // A folder may hold very much that is not ours.
    private const int EntriesLookedAt = 20_000,
        RemovedAtOnce = 100;

    /// <summary>Until then a download that broke off is gone on from.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Twelve hexadecimal digits: what the name of a piece ends in, before <c>.part</c>.</summary>
    public static string NewName() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <param name="folder">Where is saved.</param>
    /// <param name="own">The piece that is about to be written, which may be gone on from however old it is.</param>
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
            // What cannot be listed is nobody's trouble who saves a file.
        }
    }

    private static void TryRemove(FileInfo piece)
    {
        try
        {
            // Who still writes it holds it.
            using var held = new FileStream(piece.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            piece.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use, or not ours.
        }
    }

    [GeneratedRegex(@"\A\.(?:.+\.)?[0-9a-f]{12}\.part\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex NameOfPiece();
}
