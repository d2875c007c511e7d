using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>
/// Keeps the files of stories, in the media folder or in a bucket. With a bucket, the folder has copies of some. What is made from them,
/// such as posters, is always in the folder.
/// </summary>
/// <param name="folder">The files on this machine.</param>
/// <param name="arriving">Posts whose rows are not written yet.</param>
internal abstract class MediaStore(MediaFolder folder, ArrivingPosts arriving)
{
    // A service can be slow, and the sweeper has more to do.
    private static readonly TimeSpan DeletionPatience = TimeSpan.FromSeconds(30);

    private static readonly string?[] AllParts = [null, StoryParts.Before, StoryParts.Difference];

    // Stories that have ended, with the parts that they had, until their files are deleted. After a kill, the comparison of all files finds them.
    private readonly ConcurrentDictionary<string, string?[]> _left = new(StringComparer.Ordinal);

    /// <summary>Where the files are, for messages to the host: a path or a URL.</summary>
    public abstract string Place { get; }

    /// <summary>Whether deleted files may survive where nobody can look: in old versions that a service keeps.</summary>
    public virtual bool KeepsVersions => false;

    /// <summary>Number of ended stories whose files are not deleted yet.</summary>
    protected int LeftCount => _left.Count;

    protected MediaFolder Folder => folder;

    protected ArrivingPosts Arriving => arriving;

    /// <summary>How many stories are deleted at the same time.</summary>
    protected virtual int DeletionsAtOnce => 1;

    /// <summary>Call before the first use. Leaves everything as it is.</summary>
    /// <exception cref="Hosting.OptionUnusableException">The files cannot be kept there. The message says what the host can do.</exception>
    public abstract Task PrepareAsync(CancellationToken cancel);

    /// <summary>Keeps a received file for good. On return it survives whatever becomes of this process.</summary>
    /// <exception cref="IOException">It is not kept, or it is in doubt whether it is.</exception>
    public abstract Task<FinishedFile> KeepAsync(IncomingFile file, string id, string? part, CancellationToken cancel);

    /// <summary>Keeps the file of a live terminal for good, which stays where it grew.</summary>
    /// <exception cref="IOException">It is not kept, or it is in doubt whether it is.</exception>
    public abstract Task KeepGrownAsync(string id, SafeFileHandle file, FinishedFile grown, CancellationToken cancel);

    /// <summary>Removes the file in which a live terminal grew, if it is none that is kept.</summary>
    public abstract void ForgetGrown(string id);

    /// <summary>Opens a story's file for reading.</summary>
    /// <returns>The file, or null and what is wrong with it. Its hash is not checked yet.</returns>
    /// <exception cref="UnauthorizedAccessException">It cannot be read by the account of the server.</exception>
    /// <exception cref="IOException">It cannot be read now, which says nothing about the file.</exception>
    public abstract ValueTask<(SafeFileHandle? File, string? Fault)> OpenAsync(
        string id,
        string? part,
        StoryMedia media,
        CancellationToken cancel
    );

    /// <summary>Has a story's file on this machine for a while.</summary>
    /// <exception cref="PosterUnavailableException">It is missing or damaged.</exception>
    /// <exception cref="IOException">It cannot be read now, which says nothing about the file.</exception>
    public abstract ValueTask<BorrowedFile> BorrowAsync(string id, string? part, StoryMedia media);

    /// <summary>Opens a story's file to copy it, even if it is damaged. Other readers keep theirs.</summary>
    /// <returns>Null when it is missing.</returns>
    /// <exception cref="UnauthorizedAccessException">It cannot be read by the account of the server.</exception>
    /// <exception cref="IOException">It cannot be read now, which says nothing about the file.</exception>
    public abstract ValueTask<FileStream?> OpenAsItIsAsync(string id, string? part, CancellationToken cancel);

    /// <summary>Lets go of a copy that differs from what is kept.</summary>
    /// <returns>Whether there may be another one; false when what was read is what is kept.</returns>
    public virtual bool TryDropCopy(string id, string? part) => false;

    /// <summary>Finds what is wrong with a file as far as it shows at once; null when nothing is.</summary>
    /// <exception cref="UnauthorizedAccessException">It cannot be read by the account of the server.</exception>
    public abstract ValueTask<string?> GlanceAsync(string id, string? part, StoryMedia media, CancellationToken cancel);

    /// <summary>Compares what is kept with its hash.</summary>
    /// <param name="id">Id of the story.</param>
    /// <param name="part">Part of the story; null for the story's main file.</param>
    /// <param name="media">Length and hash that the file must have.</param>
    /// <param name="pace">Called with the number of bytes after each piece. It may wait.</param>
    /// <param name="cancel">Cancels between two pieces.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public abstract Task<string?> FindFaultAsync(
        string id,
        string? part,
        StoryMedia media,
        Func<int, ValueTask>? pace,
        CancellationToken cancel
    );

    /// <summary>Length and last write of what is kept; -1 bytes when it is missing. While both stay, it need not be read again.</summary>
    public abstract ValueTask<(long Bytes, DateTimeOffset ModifiedAt)> LookAsync(string id, string? part, CancellationToken cancel);

    /// <summary>Whether any file of a story is still there, or was not yet confirmed to be gone.</summary>
    public async ValueTask<bool> HasFilesAsync(string id, CancellationToken cancel) =>
        _left.ContainsKey(id) || folder.HasFiles(id) || await KeepsFilesAsync(id, cancel).ConfigureAwait(false);

    /// <summary>Notes that a story has ended. If the request that ended it cannot delete its files, the sweeper does.</summary>
    /// <param name="id">Id of the story.</param>
    /// <param name="parts">Parts that had a file; null among them for the main file.</param>
    public void Leave(string id, IEnumerable<string?> parts)
    {
        string?[] had = [.. parts];
        _left.AddOrUpdate(id, had, (_, before) => [.. before.Union(had)]);
    }

    /// <summary>Deletes a story's files, and all files made from them. On return they are confirmed to be gone.</summary>
    /// <exception cref="IOException">Some may still be there. The sweeper tries again.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancel)
    {
        var parts = _left.GetOrAdd(id, _ => AllParts);
        folder.Delete(id);
        await DeleteKeptAsync(id, parts, cancel).ConfigureAwait(false);
        _left.TryRemove(id, out _);
    }

    /// <summary>Deletes the files of a post that failed: at once if they are on this machine, otherwise soon.</summary>
    public void Abandon(string id)
    {
        _left[id] = AllParts;
        folder.Delete(id);
        if (!folder.HoldsCopies)
        {
            _left.TryRemove(id, out _);
        }
    }

    /// <summary>Deletes the files of all stories that have ended. One that cannot be deleted does not keep the others.</summary>
    /// <returns>Number of stories whose files are gone; and whether others are left, because it took long enough.</returns>
    /// <exception cref="IOException">Some files could not be deleted. The next call tries them again.</exception>
    public async Task<(int Gone, bool More)> DeleteLeftAsync(CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        Exception? fault = null;
        foreach (var ids in _left.Keys.Chunk(DeletionsAtOnce))
        {
            cancel.ThrowIfCancellationRequested();
            if (folder.HoldsCopies && Stopwatch.GetElapsedTime(started) > DeletionPatience)
            {
                return fault is null ? (count, true) : throw fault;
            }
            foreach (var failed in await Task.WhenAll(ids.Select(TryDeleteAsync)).ConfigureAwait(false))
            {
                count += failed is null ? 1 : 0;
                fault ??= failed;
            }
            if (fault is not null && IsAway(fault))
            {
                break;
            }
        }
        return fault is null ? (count, false) : throw fault;

        async Task<Exception?> TryDeleteAsync(string id)
        {
            try
            {
                await DeleteAsync(id, cancel).ConfigureAwait(false);
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return e;
            }
        }
    }

    /// <summary>Whether there is no file at all, neither kept nor made from others.</summary>
    public abstract Task<bool> IsEmptyAsync(CancellationToken cancel);

    /// <summary>All files, here and where they are kept, in no order. The caller may take its time: a file that is there all the while is among them.</summary>
    public abstract IAsyncEnumerable<FoundFile> AllAsync(CancellationToken cancel);

    /// <summary>Enough of all files to tell whether they belong to a database.</summary>
    public virtual IAsyncEnumerable<FoundFile> SomeAsync(CancellationToken cancel) => AllAsync(cancel);

    /// <summary>Files that belong to no story, whatever their name; derived files belong to their story.</summary>
    /// <param name="isKnown">Whether there is a story with this id.</param>
    /// <param name="among">Files to look at; null for all.</param>
    /// <param name="cancel">Cancels between two files.</param>
    public async IAsyncEnumerable<FoundFile> FindLeftOversAsync(
        Func<string, bool> isKnown,
        IAsyncEnumerable<FoundFile>? among,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await foreach (var file in (among ?? AllAsync(cancel)).ConfigureAwait(false))
        {
            cancel.ThrowIfCancellationRequested();
            // In this order: a story stops arriving only after its row is visible.
            if (!arriving.Has(file.Id) && !isKnown(file.Id) && (file.Listed is not null || File.Exists(file.Path)))
            {
                yield return file;
            }
        }
    }

    /// <summary>Files of interrupted posts: the post began, its end was not noted, and no row names the file.</summary>
    public abstract Task<List<FoundFile>> FindInterruptedAsync(Func<string, bool> isKnown, CancellationToken cancel);

    /// <summary>Removes the notes of finished posts: their story is known, or their files are gone.</summary>
    public abstract void ForgetArrived(Func<string, bool> isKnown);

    /// <summary>Deletes left-overs that were found.</summary>
    /// <exception cref="IOException">Some may still be there.</exception>
    public virtual Task RemoveAsync(IReadOnlyCollection<FoundFile> files, CancellationToken cancel)
    {
        foreach (var file in files)
        {
            folder.Remove(file.Path);
        }
        return Task.CompletedTask;
    }

    /// <summary>Whether nothing can be deleted now, so that the others need not be tried.</summary>
    protected virtual bool IsAway(Exception fault) => false;

    /// <summary>Deletes what is kept elsewhere than in the folder.</summary>
    protected virtual Task DeleteKeptAsync(string id, string?[] parts, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Whether any file of a story is kept elsewhere than in the folder.</summary>
    protected virtual ValueTask<bool> KeepsFilesAsync(string id, CancellationToken cancel) => ValueTask.FromResult(false);
}
