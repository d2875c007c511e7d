using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands;

/// <summary>Something in the data directory that belongs to no row, or that differs from its row.</summary>
/// <param name="Kind"><c>media</c>, <c>damaged</c>, <c>misplaced</c>, <c>temporary</c>, <c>copy</c>, <c>lost</c> or <c>foreign</c>.</param>
/// <param name="Path">Path from the data directory; for a lost row its collection, a slash and its id.</param>
/// <param name="Bytes">Size; 0 for a folder, a row, or a missing file.</param>
internal sealed record LeftOver(string Kind, string Path, long Bytes);

/// <summary>Finds everything in the data directory that belongs to nothing. Changes nothing.</summary>
internal sealed class LeftoverFiles(
    DataDirectory directory,
    MediaFolder folder,
    MediaStore media,
    MediaCheck check,
    StoryInventory stories,
    Database database,
    ServerOptions options
)
{
    // A slower sender is cut off within seconds, and all processing of a file has a time limit.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    // A story's files are deleted right after its row: what is found in between is gone at the second look.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Own =
    [
        "stories.db",
        "stories.log",
        PageSums.FileName,
        SyncMark.FileName,
        DiskReserve.FileName,
        "lock",
        "server.json",
        "owner-invite",
        "link-key",
        "webhook-key",
        "admin.sock",
        DataDirectory.MediaName,
        DataDirectory.CopiesName,
        MediaMark.FileName,
        "tmp",
        "lib",
        "lost+found",
        DamagedMedia.FileName,
    ];

    /// <param name="isAlone">Whether no server runs, so that nothing can be in progress.</param>
    /// <param name="cancel">Cancels between files.</param>
    public async Task<IReadOnlyList<LeftOver>> FindAsync(bool isAlone, CancellationToken cancel)
    {
        var found = await FindNowAsync(isAlone, cancel).ConfigureAwait(false);
        if (found.Count > 0 && !isAlone)
        {
            await Task.Delay(SecondLook, cancel).ConfigureAwait(false);
            found.IntersectWith(await FindNowAsync(isAlone, cancel).ConfigureAwait(false));
        }
        // Reads all media, so that damaged ones are found too. A running server remembers them.
        var damaged = await check.CheckAllAsync(isRemembered: !isAlone, cancel).ConfigureAwait(false);
        found.UnionWith(damaged.Select(file => OfDamaged(file.Story, file.Part)));
        return [.. found.OrderBy(it => it.Path, StringComparer.Ordinal)];
    }

    private async Task<HashSet<LeftOver>> FindNowAsync(bool isAlone, CancellationToken cancel)
    {
        var found = Find(isAlone).ToHashSet();
        await foreach (var file in media.FindLeftOversAsync(stories.Has, among: null, cancel).ConfigureAwait(false))
        {
            found.Add(file.Listed is { } bytes ? new("media", file.Path, bytes) : Of("media", file.Path));
        }
        return found;
    }

    /// <summary>What is in a bucket is named by its URL.</summary>
    private LeftOver OfDamaged(string story, string? part) =>
        folder.HoldsCopies
            ? new("damaged", $"{media.Place}/{MediaFolder.NameOf(story, part)}", 0)
            : Of("damaged", folder.PathOf(story, part));

    private IEnumerable<LeftOver> Find(bool isAlone) =>
        [
            .. folder.FindMisplaced(stories.Has).Select(file => Of("misplaced", file)),
            .. Directory
                .EnumerateDirectories(directory.MediaPath, "*", SearchOption.AllDirectories)
                .Where(path => !directory.IsMediaFolder(path))
                .Select(path => Of("foreign", path)),
            .. Directory
                .EnumerateFiles(directory.TemporaryPath)
                .Where(file => isAlone || IsStale(file))
                .Select(file => Of("temporary", file)),
            .. Directory.EnumerateDirectories(directory.TemporaryPath).Select(path => Of("foreign", path)),
            .. Directory.EnumerateFileSystemEntries(directory.Path).Where(path => !IsOwn(path)).Select(path => Of(KindOf(path), path)),
            .. DamageNotes.Lately(database).Select(row => new LeftOver("lost", row, 0)),
            .. Libraries().Where(path => !IsLibrary(path)).Select(path => Of("foreign", path)),
        ];

    private IEnumerable<string> Libraries() =>
        directory.File("lib") is var lib && Directory.Exists(lib) ? Directory.EnumerateFileSystemEntries(lib) : [];

    private static bool IsLibrary(string path) =>
        Path.GetFileName(path) is var name
        && name.StartsWith("libvips-", StringComparison.Ordinal)
        && name.EndsWith(".so.42", StringComparison.Ordinal);

    private bool IsOwn(string path) =>
        Own.Contains(Path.GetFileName(path))
        || IsLog(path)
        || OfOptions.Any(named => named == path || named.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>Files that the host put there by an option.</summary>
    private IEnumerable<string> OfOptions =>
        new[] { options.TlsCertificate, options.TlsKey, options.VipsLibrary, options.LogFile, options.Backups.Folder }
            .Concat(options.Listen.Select(address => address.SocketPath))
            .OfType<string>()
            .Select(Path.GetFullPath);

    /// <summary>A log file's name has a day and a number before its extension.</summary>
    private bool IsLog(string path) =>
        options.LogFile is { } log
        && path.StartsWith(Path.ChangeExtension(Path.GetFullPath(log), null), StringComparison.Ordinal)
        && Path.GetExtension(path) == Path.GetExtension(log);

    private string KindOf(string path) => IsCopy(path) || KeptDamage.IsKept(directory, path) ? "copy" : "foreign";

    /// <summary>The database from before an update. It holds rows that were deleted since.</summary>
    private static bool IsCopy(string path) =>
        Path.GetFileName(path) is var name
        && name.StartsWith("stories.schema-", StringComparison.Ordinal)
        && name.EndsWith(".db", StringComparison.Ordinal);

    // File times come from the machine's clock, whatever the server's clock says.
    private static bool IsStale(string file) => TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(file) > LongestPause;

    private LeftOver Of(string kind, string path) =>
        new(kind, Path.GetRelativePath(directory.Path, path), new FileInfo(path) is { Exists: true } file ? file.Length : 0);
}
