using System.Runtime.CompilerServices;
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
    private const int FilesPerSweep = 700;

    private readonly StoryInventory _stories;
    private readonly StoryLifecycle _lifecycle;
    private readonly MediaFolder _folder;
    private readonly ArrivingPosts _arriving;
    private readonly MediaStore _media;
    private readonly Database _database;
    private readonly DataDirectory _directory;
    private readonly ILogger<UnknownMedia> _log;
    private readonly List<FoundFile> _unexplained = [];
    private IAsyncEnumerator<FoundFile>? _round;
    private bool _mustCompareAll = true;
    private HeldMedia _held = HeldMedia.None;

    public UnknownMedia(
        StoryInventory stories,
        StoryLifecycle lifecycle,
        MediaFolder folder,
        ArrivingPosts arriving,
        MediaStore media,
        Database database,
        DataDirectory directory,
        ILogger<UnknownMedia> log
    )
    {
        (_stories, _lifecycle, _folder, _arriving, _media) = (stories, lifecycle, folder, arriving, media);
        (_database, _directory, _log) = (database, directory, log);
        // A commit in doubt may have succeeded: then stories ended, and nobody deleted their files.
        database.Reopened += () => Volatile.Write(ref _mustCompareAll, true);
    }

    /// <summary>Number of files compared with the rows since the start.</summary>
    public long Compared { get; private set; }

    /// <summary>Files that the last complete comparison kept.</summary>
    public HeldMedia Held => Volatile.Read(ref _held);

    /// <summary>Call before the database is opened, which would create a new one.</summary>
    /// <exception cref="UnknownMediaException">There are media but no _database.</exception>
    public async Task VerifyDatabaseIsThereAsync(CancellationToken cancel)
    {
        if (_directory.HasDatabase)
            return;
        if (_directory.HasLog)
            throw new UnknownMediaException(
                $"'{_directory.LogFile}' holds changes, and stories.db beside it is missing or empty. {Advice}"
            );
        var files = await _media.FindLeftOversAsync(_ => false, _media.SomeAsync(cancel), cancel).CountAsync(cancel).ConfigureAwait(false);
        if (files > 0)
            throw new UnknownMediaException(
                $"'{_media.Place}' holds {Counted.Of(files, "file")}, and '{_directory.DatabaseFile}' is missing or empty. {Advice}"
            );
    }

    /// <summary>Call after the database is open and before anything is swept.</summary>
    /// <exception cref="UnknownMediaException">The database does not know most of the media.</exception>
    public async Task VerifyDatabaseKnowsAsync(bool hasAccounts, CancellationToken cancel)
    {
        var found = await _media
            .FindLeftOversAsync(_stories.Has, _media.SomeAsync(cancel), cancel)
            .ToListAsync(cancel)
            .ConfigureAwait(false);
        var ids = CountIds(found.Where(file => !IsExplained(file)));
        // Nobody can have posted to a server without accounts.
        if (ids > 0 && (!hasAccounts || (ids >= FewIds && ids > _stories.Count)))
            throw new UnknownMediaException(
                $"'{_media.Place}' holds the files of {Counted.Stories(ids)} that the database {_database.Place} does not know; it knows {_stories.Count:N0}. {Advice}"
            );
    }

    /// <summary>Call after the database is open. A volume that is not mounted is an empty folder; files posted into it would be hidden once it is mounted.</summary>
    /// <param name="missing">Number of files that are known to be missing or damaged.</param>
    /// <param name="cancel">Cancels the wait for a bucket.</param>
    /// <exception cref="UnknownMediaException">There are stories but no file at all.</exception>
    public async Task VerifyMediaAreThereAsync(int missing, CancellationToken cancel)
    {
        // The files of expired stories may be deleted already.
        if (_stories.ActiveWithFiles - missing < FewIds || !await _media.IsEmptyAsync(cancel).ConfigureAwait(false))
            return;
        throw new UnknownMediaException(
            $"'{_media.Place}' is empty, and the database {_database.Place} knows {_stories.Count:N0} stories whose files were there. The server does not start, so that nothing is posted beside them. "
                + $"Mount or put back what was there, or restore a backup into a new directory: stories-server restore FILE --data NEW. To let go of these stories for good: stories-server purge --missing-media --data {ShellWord.Of(_directory.Path)}"
        );
    }

    /// <summary>With the host's consent: ends all stories that lack a file.</summary>
    /// <returns>How many stories ended.</returns>
    public async Task<int> EndWithoutFilesAsync()
    {
        var count = 0;
        foreach (var story in _stories.StoredMedia())
        {
            if (await LacksFileAsync(story).ConfigureAwait(false))
            {
                await _lifecycle.EndAsync(story.Id).ConfigureAwait(false);
                await _media.DeleteAsync(story.Id, CancellationToken.None).ConfigureAwait(false);
                count++;
            }
        }
        return count;
    }

    private async Task<bool> LacksFileAsync(StoredMedia story)
    {
        foreach (var (part, _) in story.Files)
        {
            if ((await _media.LookAsync(story.Id, part, CancellationToken.None).ConfigureAwait(false)).Bytes < 0)
                return true;
        }
        return false;
    }

    /// <summary>
    /// Deletes what interrupted posts left, and compares a few more files with the rows: deletes those that may be deleted, and keeps the others.
    /// The first call compares all of them, because a kill may have come between a row's deletion and its files'.
    /// </summary>
    /// <returns>Number of deleted files.</returns>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        // A post in doubt no longer counts as arriving, and its row may become visible only once the database is open again.
        if (!_database.Health.IsReady)
            return 0;
        var explained = await _media.FindInterruptedAsync(_stories.Has, cancel).ConfigureAwait(false);
        var isRoundOver = await CompareAsync(explained, cancel).ConfigureAwait(false);
        var count = await RemoveAsync(explained, cancel).ConfigureAwait(false);
        _media.ForgetArrived(_stories.Has);
        return isRoundOver ? count + await SettleAsync(cancel).ConfigureAwait(false) : count;
    }

    /// <summary>
    /// On a server that follows another: deletes the copies of stories that have ended, and what was made of them. The writer deletes what is kept,
    /// and nobody tells this server of it but the rows.
    /// </summary>
    public void SweepCopies(CancellationToken cancel)
    {
        if (!_folder.HoldsCopies)
            return;
        foreach (var file in _folder.All())
        {
            cancel.ThrowIfCancellationRequested();
            var id = MediaFolder.IdOf(file);
            // In this order: a story stops arriving only after its row is visible.
            if (!_arriving.Has(id) && !_stories.Has(id))
                _folder.Remove(file);
        }
    }

    /// <returns>Whether all files have been compared since the round began.</returns>
    private async Task<bool> CompareAsync(List<FoundFile> explained, CancellationToken cancel)
    {
        var isAll = Interlocked.Exchange(ref _mustCompareAll, false);
        if (isAll)
            await EndRoundAsync().ConfigureAwait(false);
        try
        {
            var next = NextAsync(isAll ? int.MaxValue : FilesPerSweep, cancel);
            await foreach (var file in _media.FindLeftOversAsync(_stories.Has, next, cancel).ConfigureAwait(false))
                (IsExplained(file) ? explained : _unexplained).Add(file);
        }
        catch
        {
            await EndRoundAsync().ConfigureAwait(false);
            if (isAll)
                Volatile.Write(ref _mustCompareAll, true);
            throw;
        }
        return _round is null;
    }

    private async IAsyncEnumerable<FoundFile> NextAsync(int files, [EnumeratorCancellation] CancellationToken cancel)
    {
        // It outlives the sweep, and so what cancels it.
        _round ??= _media.AllAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        while (files-- > 0)
        {
            cancel.ThrowIfCancellationRequested();
            if (!await _round.MoveNextAsync().ConfigureAwait(false))
            {
                await _round.DisposeAsync().ConfigureAwait(false);
                _round = null;
                yield break;
            }
            Compared++;
            yield return _round.Current;
        }
    }

    private async Task EndRoundAsync()
    {
        if (_round is not null)
            await _round.DisposeAsync().ConfigureAwait(false);
        _round = null;
        _unexplained.Clear();
    }

    private async Task<int> SettleAsync(CancellationToken cancel)
    {
        var left = await _media
            .FindLeftOversAsync(_stories.Has, _unexplained.ToAsyncEnumerable(), cancel)
            .ToListAsync(cancel)
            .ConfigureAwait(false);
        await EndRoundAsync().ConfigureAwait(false);
        var ids = CountIds(left);
        var mayGo = ids <= _stories.Count / ShareOfStories;
        Hold(mayGo ? HeldMedia.None : new(ids, left.Count, left.Sum(file => file.Bytes)));
        return mayGo ? await RemoveAsync(left, cancel).ConfigureAwait(false) : 0;
    }

    private async Task<int> RemoveAsync(IEnumerable<FoundFile> files, CancellationToken cancel)
    {
        var going = files.Where(file => !_stories.Has(file.Id)).ToList();
        await _media.RemoveAsync(going, cancel).ConfigureAwait(false);
        return going.Count;
    }

    /// <summary>With the host's consent: deletes all files that belong to no story.</summary>
    /// <returns>What was deleted.</returns>
    public async Task<HeldMedia> RemoveAllAsync(CancellationToken cancel)
    {
        var files = await _media.FindLeftOversAsync(_stories.Has, among: null, cancel).ToListAsync(cancel).ConfigureAwait(false);
        var removed = new HeldMedia(CountIds(files), files.Count, files.Sum(file => file.Bytes));
        await _media.RemoveAsync(files, cancel).ConfigureAwait(false);
        _media.ForgetArrived(_stories.Has);
        Hold(HeldMedia.None);
        if (removed.Files > 0)
            Log.UnknownMediaRemoved(_log, removed.Files, removed.Ids, removed.Bytes);
        return removed;
    }

    private string Advice =>
        "The server does not start, so that nothing is lost. Put the database that belongs to these files back, or restore a backup into a new directory: "
        + $"stories-server restore FILE --data NEW. To let go of the files for good: stories-server purge --unknown-media --data {ShellWord.Of(_directory.Path)}";

    private bool IsExplained(FoundFile file) => _stories.IsGone(file.Id) || _arriving.WasInterrupted(file.Id);

    private void Hold(HeldMedia held)
    {
        var before = Interlocked.Exchange(ref _held, held);
        if (held.Ids > before.Ids)
            Log.UnknownMediaHeld(_log, held.Files, held.Ids, held.Bytes, ShellWord.Of(_directory.Path));
        else if (held.Ids == 0 && before.Ids > 0)
            Log.UnknownMediaOver(_log, before.Files);
    }

    private static int CountIds(IEnumerable<FoundFile> files) => files.Select(file => file.Id).Distinct(StringComparer.Ordinal).Count();
}
