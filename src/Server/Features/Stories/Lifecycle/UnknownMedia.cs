using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What the sweeper leaves alone until the host decides.</summary>
/// <param name="Ids">How many ids the files have.</param>
/// <param name="Files">How many files there are.</param>
/// <param name="Bytes">Their sizes together.</param>
internal sealed record HeldMedia(int Ids, int Files, long Bytes)
{
    public static readonly HeldMedia None = new(0, 0, 0);
}

/// <summary>
/// Files in the media folder that no story accounts for. Those of ended stories and of interrupted posts are removed. The others point to rows
/// that are lost: of them only a small share is ever removed without the host's word.
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
    /// <summary>Unknown ids may be removed up to this part of the stories that are known.</summary>
    public const int ShareOfStories = 20;

    // So few may be left by one loss of power; a database that knows nothing of more than it knows of is not the one of these files.
    private const int FewIds = 3;

    private HeldMedia _held = HeldMedia.None;

    /// <summary>What the last look held back.</summary>
    public HeldMedia Held => Volatile.Read(ref _held);

    /// <summary>Before the database is opened, which would make a new one.</summary>
    /// <exception cref="UnknownMediaException">There are media and no database.</exception>
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

    /// <summary>After the database is open, and before anything is swept.</summary>
    /// <exception cref="UnknownMediaException">The database knows nothing of most of the media.</exception>
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

    /// <summary>After the database is open: a volume that is not mounted is an empty folder, and what is posted into it would be gone once it is mounted.</summary>
    /// <param name="missing">Files that are known to be missing or damaged.</param>
    /// <exception cref="UnknownMediaException">There are stories, and not one file.</exception>
    public void VerifyMediaAreThere(int missing)
    {
        // Of what has expired the files may be gone already.
        if (!folder.IsEmpty || stories.ActiveCount - missing < FewIds)
            return;
        throw new UnknownMediaException(
            $"'{directory.MediaPath}' is empty, and '{directory.DatabaseFile}' knows {stories.Count:N0} stories whose files were there. The server does not start, so that nothing is posted beside them. "
                + $"Mount or put back what was there, or restore a backup into a new directory: stories-server restore FILE --data NEW. To let go of these stories for good: stories-server purge --missing-media --data {directory.Path}"
        );
    }

    /// <summary>By the host's word: ends all stories of which a file is missing.</summary>
    /// <returns>How many.</returns>
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

    /// <summary>Removes what may go, and holds the rest back.</summary>
    /// <returns>How many files were removed.</returns>
    public int Sweep(CancellationToken cancel)
    {
        var (explained, unexplained) = Look(cancel);
        var ids = CountIds(unexplained);
        var mayGo = ids <= stories.Count / ShareOfStories;
        // A post in doubt no longer arrives, and its row may be seen only once the database is open again.
        if (!database.Health.IsReady)
            return 0;
        var going = (mayGo ? [.. explained, .. unexplained] : explained).Where(file => !stories.Has(MediaFolder.IdOf(file))).ToList();
        folder.Remove(going);
        folder.ForgetArrived(stories.Has);
        Hold(mayGo ? HeldMedia.None : new(ids, unexplained.Count, unexplained.Sum(MediaFolder.SizeOf)));
        return going.Count;
    }

    /// <summary>By the host's word: removes all that no story accounts for.</summary>
    /// <returns>What was removed.</returns>
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
