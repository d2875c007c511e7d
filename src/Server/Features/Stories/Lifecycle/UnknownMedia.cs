using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Files that the sweeper keeps until the host decides.</summary>
/// <param name="Ids">Number of ids that the files have.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Size of all files, in bytes.</param>
internal sealed record HeldMedia(int Ids, int Files, long Bytes)
{
    public static readonly HeldMedia None = new(0, 0, 0);
}

/// <summary>
/// Files in the media folder that belong to no story. Those of ended stories and of interrupted posts are deleted. The others point to lost
/// rows: without the host's consent only a few of them are ever deleted.
/// </summary>
internal sealed class UnknownMedia(
    StoryInventory stories,
    StoryLifecycle lifecycle,
    MediaFolder folder,
    Database database,
    DataDirectory directory,
    ILogger<UnknownMedia> log
)
{
    /// <summary>Unknown ids are deleted if they are at most this fraction (1/20) of the known stories.</summary>
    public const int ShareOfStories = 20;

    // One power failure can leave this many. A database that knows fewer ids than it does not know does not belong to these files.
    private const int FewIds = 3;

    private HeldMedia _held = HeldMedia.None;

    /// <summary>Files that the last sweep kept.</summary>
    public HeldMedia Held => Volatile.Read(ref _held);

    /// <summary>Call before the database is opened, which would create a new one.</summary>
    /// <exception cref="UnknownMediaException">There are media but no database.</exception>
    public void VerifyDatabaseIsThere()
    {
        if (directory.HasDatabase)
            return;
        if (directory.HasLog)
            throw new UnknownMediaException($"'{directory.LogFile}' holds changes, and stories.db beside it is missing or empty. {Advice}");
        var files = folder.FindLeftOvers(_ => false, CancellationToken.None).Count();
        if (files > 0)
            throw new UnknownMediaException(
                $"'{directory.MediaPath}' holds {Counted.Of(files, "file")}, and '{directory.DatabaseFile}' is missing or empty. {Advice}"
            );
    }

    /// <summary>Call after the database is open and before anything is swept.</summary>
    /// <exception cref="UnknownMediaException">The database does not know most of the media.</exception>
    public void VerifyDatabaseKnows(bool hasAccounts)
    {
        var (_, unexplained) = Look(CancellationToken.None);
        var ids = CountIds(unexplained);
        // Nobody can have posted to a server without accounts.
        if (ids > 0 && (!hasAccounts || (ids >= FewIds && ids > stories.Count)))
            throw new UnknownMediaException(
                $"'{directory.MediaPath}' holds the files of {Counted.Stories(ids)} that '{directory.DatabaseFile}' does not know; it knows {stories.Count:N0}. {Advice}"
            );
    }

    /// <summary>Call after the database is open. A volume that is not mounted is an empty folder; files posted into it would be hidden once it is mounted.</summary>
    /// <param name="missing">Number of files that are known to be missing or damaged.</param>
    /// <exception cref="UnknownMediaException">There are stories but no file at all.</exception>
    public void VerifyMediaAreThere(int missing)
    {
        // The files of expired stories may be deleted already.
        if (!folder.IsEmpty || stories.ActiveWithFiles - missing < FewIds)
            return;
        throw new UnknownMediaException(
            $"'{directory.MediaPath}' is empty, and '{directory.DatabaseFile}' knows {stories.Count:N0} stories whose files were there. The server does not start, so that nothing is posted beside them. "
                + $"Mount or put back what was there, or restore a backup into a new directory: stories-server restore FILE --data NEW. To let go of these stories for good: stories-server purge --missing-media --data {directory.Path}"
        );
    }

    /// <summary>With the host's consent: ends all stories that lack a file.</summary>
    /// <returns>How many stories ended.</returns>
    public async Task<int> EndWithoutFilesAsync()
    {
        var ids = stories.StoredMedia().Where(it => it.Files.Any(file => !folder.Has(it.Id, file.Part))).Select(it => it.Id).ToList();
        foreach (var id in ids)
        {
            await lifecycle.EndAsync(id).ConfigureAwait(false);
            folder.Delete(id);
        }
        return ids.Count;
    }

    /// <summary>Deletes the files that may be deleted, and keeps the others.</summary>
    /// <returns>Number of deleted files.</returns>
    public int Sweep(CancellationToken cancel)
    {
        var (explained, unexplained) = Look(cancel);
        var ids = CountIds(unexplained);
        var mayGo = ids <= stories.Count / ShareOfStories;
        // A post in doubt no longer counts as arriving, and its row may become visible only once the database is open again.
        if (!database.Health.IsReady)
            return 0;
        var going = (mayGo ? [.. explained, .. unexplained] : explained).Where(file => !stories.Has(MediaFolder.IdOf(file))).ToList();
        folder.Remove(going);
        folder.ForgetArrived(stories.Has);
        Hold(mayGo ? HeldMedia.None : new(ids, unexplained.Count, unexplained.Sum(MediaFolder.SizeOf)));
        return going.Count;
    }

    /// <summary>With the host's consent: deletes all files that belong to no story.</summary>
    /// <returns>What was deleted.</returns>
    public HeldMedia RemoveAll(CancellationToken cancel)
    {
        var files = folder.FindLeftOvers(stories.Has, cancel).ToList();
        var removed = new HeldMedia(CountIds(files), files.Count, files.Sum(MediaFolder.SizeOf));
        folder.Remove(files);
        folder.ForgetArrived(stories.Has);
        Hold(HeldMedia.None);
        if (removed.Files > 0)
            Log.UnknownMediaRemoved(log, removed.Files, removed.Ids, removed.Bytes);
        return removed;
    }

    private string Advice =>
        "The server does not start, so that nothing is lost. Put the database that belongs to these files back, or restore a backup into a new directory: "
        + $"stories-server restore FILE --data NEW. To let go of the files for good: stories-server purge --unknown-media --data {directory.Path}";

    private (List<string> Explained, List<string> Unexplained) Look(CancellationToken cancel)
    {
        var groups = folder
            .FindLeftOvers(stories.Has, cancel)
            .ToLookup(file => MediaFolder.IdOf(file) is var id && (stories.IsGone(id) || folder.WasArriving(id)));
        return ([.. groups[true]], [.. groups[false]]);
    }

    private void Hold(HeldMedia held)
    {
        var before = Interlocked.Exchange(ref _held, held);
        if (held.Ids > before.Ids)
            Log.UnknownMediaHeld(log, held.Files, held.Ids, held.Bytes, directory.Path);
        else if (held.Ids == 0 && before.Ids > 0)
            Log.UnknownMediaOver(log, before.Files);
    }

    private static int CountIds(IEnumerable<string> files) => files.Select(MediaFolder.IdOf).Distinct(StringComparer.Ordinal).Count();
}
