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
internal sealed class UnknownMedia
{
    /// <summary>Unknown ids are deleted if they are at most this fraction (1/20) of the known stories.</summary>
    public const int ShareOfStories = 20;

    // One power failure can leave this many. A database that knows fewer ids than it does not know does not belong to these files.
    private const int FewIds = 3;

    // A sweep compares this many files with the rows. All files of a small server; with a million files a round takes half a day.
    private const int FilesASweep = 700;

    private readonly StoryInventory _stories;
    private readonly StoryLifecycle _lifecycle;
    private readonly MediaFolder _folder;
    private readonly Database _database;
    private readonly DataDirectory _directory;
    private readonly ILogger<UnknownMedia> _log;
    private readonly List<string> _unexplained = [];
    private IEnumerator<string>? _round;
    private bool _mustCompareAll = true;
    private HeldMedia _held = HeldMedia.None;

    public UnknownMedia(
        StoryInventory stories,
        StoryLifecycle lifecycle,
        MediaFolder folder,
        Database database,
        DataDirectory directory,
        ILogger<UnknownMedia> log
    )
    {
        (_stories, _lifecycle, _folder, _database, _directory, _log) = (stories, lifecycle, folder, database, directory, log);
        // What was in doubt may have become true: stories that ended, whose files nobody deleted.
        database.Reopened += () => Volatile.Write(ref _mustCompareAll, true);
    }

    /// <summary>Number of files compared with the rows since the start.</summary>
    public long Compared { get; private set; }

    /// <summary>Files that the last complete comparison kept.</summary>
    public HeldMedia Held => Volatile.Read(ref _held);

    /// <summary>Call before the database is opened, which would create a new one.</summary>
    /// <exception cref="UnknownMediaException">There are media but no _database.</exception>
    public void VerifyDatabaseIsThere()
    {
        if (_directory.HasDatabase)
            return;
        if (_directory.HasLog)
            throw new UnknownMediaException(
                $"'{_directory.LogFile}' holds changes, and stories.db beside it is missing or empty. {Advice}"
            );
        var files = _folder.FindLeftOvers(_ => false, CancellationToken.None).Count();
        if (files > 0)
            throw new UnknownMediaException(
                $"'{_directory.MediaPath}' holds {Counted.Of(files, "file")}, and '{_directory.DatabaseFile}' is missing or empty. {Advice}"
            );
    }

    /// <summary>Call after the database is open and before anything is swept.</summary>
    /// <exception cref="UnknownMediaException">The database does not know most of the media.</exception>
    public void VerifyDatabaseKnows(bool hasAccounts)
    {
        var (_, unexplained) = Look(CancellationToken.None);
        var ids = CountIds(unexplained);
        // Nobody can have posted to a server without accounts.
        if (ids > 0 && (!hasAccounts || (ids >= FewIds && ids > _stories.Count)))
            throw new UnknownMediaException(
                $"'{_directory.MediaPath}' holds the files of {Counted.Stories(ids)} that the database {_database.Place} does not know; it knows {_stories.Count:N0}. {Advice}"
            );
    }

    /// <summary>Call after the database is open. A volume that is not mounted is an empty folder; files posted into it would be hidden once it is mounted.</summary>
    /// <param name="missing">Number of files that are known to be missing or damaged.</param>
    /// <exception cref="UnknownMediaException">There are stories but no file at all.</exception>
    public void VerifyMediaAreThere(int missing)
    {
        // The files of expired stories may be deleted already.
        if (_folder.All().Any() || _stories.ActiveWithFiles - missing < FewIds)
            return;
        throw new UnknownMediaException(
            $"'{_directory.MediaPath}' is empty, and the database {_database.Place} knows {_stories.Count:N0} stories whose files were there. The server does not start, so that nothing is posted beside them. "
                + $"Mount or put back what was there, or restore a backup into a new directory: stories-server restore FILE --data NEW. To let go of these stories for good: stories-server purge --missing-media --data {ShellWord.Of(_directory.Path)}"
        );
    }

    /// <summary>With the host's consent: ends all stories that lack a file.</summary>
    /// <returns>How many stories ended.</returns>
    public async Task<int> EndWithoutFilesAsync()
    {
        var ids = _stories.StoredMedia().Where(it => it.Files.Any(file => !_folder.Has(it.Id, file.Part))).Select(it => it.Id).ToList();
        foreach (var id in ids)
        {
            await _lifecycle.EndAsync(id).ConfigureAwait(false);
            _folder.Delete(id);
        }
        return ids.Count;
    }

    /// <summary>
    /// Deletes what interrupted posts left, and compares a few more files with the rows: deletes those that may be deleted, and keeps the others.
    /// The first call compares all of them, because a kill may have come between a row's deletion and its files'.
    /// </summary>
    /// <returns>Number of deleted files.</returns>
    public int Sweep(CancellationToken cancel)
    {
        // A post in doubt no longer counts as arriving, and its row may become visible only once the database is open again.
        if (!_database.Health.IsReady)
            return 0;
        var explained = _folder.FindInterrupted(_stories.Has).ToList();
        var isRoundOver = Compare(explained, cancel);
        var count = Remove(explained);
        _folder.ForgetArrived(_stories.Has);
        return isRoundOver ? count + Settle() : count;
    }

    /// <returns>Whether all files have been compared since the round began.</returns>
    private bool Compare(List<string> explained, CancellationToken cancel)
    {
        var isAll = Interlocked.Exchange(ref _mustCompareAll, false);
        if (isAll)
            EndRound();
        try
        {
            foreach (var file in _folder.FindLeftOvers(_stories.Has, cancel, Next(isAll ? int.MaxValue : FilesASweep)))
                (IsExplained(file) ? explained : _unexplained).Add(file);
        }
        catch
        {
            EndRound();
            Volatile.Write(ref _mustCompareAll, true);
            throw;
        }
        return _round is null;
    }

    private IEnumerable<string> Next(int files)
    {
        _round ??= _folder.All().GetEnumerator();
        while (files-- > 0)
        {
            if (!_round.MoveNext())
            {
                _round.Dispose();
                _round = null;
                yield break;
            }
            Compared++;
            yield return _round.Current;
        }
    }

    private void EndRound()
    {
        _round?.Dispose();
        _round = null;
        _unexplained.Clear();
    }

    private int Settle()
    {
        var left = _folder.FindLeftOvers(_stories.Has, CancellationToken.None, _unexplained).ToList();
        EndRound();
        var ids = CountIds(left);
        var mayGo = ids <= _stories.Count / ShareOfStories;
        Hold(mayGo ? HeldMedia.None : new(ids, left.Count, left.Sum(MediaFolder.SizeOf)));
        return mayGo ? Remove(left) : 0;
    }

    private int Remove(IEnumerable<string> files)
    {
        var going = files.Where(file => !_stories.Has(MediaFolder.IdOf(file))).ToList();
        _folder.Remove(going);
        return going.Count;
    }

    /// <summary>With the host's consent: deletes all files that belong to no story.</summary>
    /// <returns>What was deleted.</returns>
    public HeldMedia RemoveAll(CancellationToken cancel)
    {
        var files = _folder.FindLeftOvers(_stories.Has, cancel).ToList();
        var removed = new HeldMedia(CountIds(files), files.Count, files.Sum(MediaFolder.SizeOf));
        _folder.Remove(files);
        _folder.ForgetArrived(_stories.Has);
        Hold(HeldMedia.None);
        if (removed.Files > 0)
            Log.UnknownMediaRemoved(_log, removed.Files, removed.Ids, removed.Bytes);
        return removed;
    }

    private string Advice =>
        "The server does not start, so that nothing is lost. Put the database that belongs to these files back, or restore a backup into a new directory: "
        + $"stories-server restore FILE --data NEW. To let go of the files for good: stories-server purge --unknown-media --data {ShellWord.Of(_directory.Path)}";

    private (List<string> Explained, List<string> Unexplained) Look(CancellationToken cancel)
    {
        var groups = _folder.FindLeftOvers(_stories.Has, cancel).ToLookup(IsExplained);
        return ([.. groups[true]], [.. groups[false]]);
    }

    private bool IsExplained(string file) => MediaFolder.IdOf(file) is var id && (_stories.IsGone(id) || _folder.WasArriving(id));

    private void Hold(HeldMedia held)
    {
        var before = Interlocked.Exchange(ref _held, held);
        if (held.Ids > before.Ids)
            Log.UnknownMediaHeld(_log, held.Files, held.Ids, held.Bytes, ShellWord.Of(_directory.Path));
        else if (held.Ids == 0 && before.Ids > 0)
            Log.UnknownMediaOver(_log, before.Files);
    }

    private static int CountIds(IEnumerable<string> files) => files.Select(MediaFolder.IdOf).Distinct(StringComparer.Ordinal).Count();
}
