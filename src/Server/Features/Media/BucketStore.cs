using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>Keeps the files of stories in a bucket. The media folder has copies of those that were used lately, each compared with its hash when it was made.</summary>
internal sealed class BucketStore : MediaStore, IDisposable
{
    private const int FillsAtOnce = 8;
    private const int FillsMaximum = 256;
    private const int Tries = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    // No upload takes this long.
    private static readonly TimeSpan UploadAge = TimeSpan.FromHours(6);

    // The first page of a listing.
    private const int SampleFiles = 1000;

    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _fills = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(FillsAtOnce);
    private readonly LocalCopies _copies;
    private readonly DataDirectory _directory;
    private readonly StoredMediaIndex _stories;
    private readonly ServerOptions _options;
    private readonly Bucket _bucket;
    private DateTimeOffset _uploadsLookedAt;

    /// <exception cref="OptionUnusableException">There are no credentials for the service.</exception>
    public BucketStore(MediaFolder folder, ArrivingPosts arriving, DataDirectory directory, StoredMediaIndex stories, ServerOptions options)
        : base(folder, arriving)
    {
        (_directory, _stories, _options, _copies) = (directory, stories, options, new(options.MediaCacheBytes));
        try
        {
            _bucket = new(options.MediaBucket!, options.S3);
        }
        catch (BucketUnavailableException e)
        {
            throw new OptionUnusableException(e.Message, e);
        }
        folder.HasEnded = id => !stories.Has(id);
        folder.Deleted += id => _copies.Forget(StoryParts.All.Select(part => MediaFolder.NameOf(id, part)));
    }

    public override string Place => _bucket.Address.ToString();

    public override bool KeepsVersions => _options.S3.AcceptsVersions;

    protected override int DeletionsAtOnce => 8;

    /// <summary>Number of ended stories whose files the service has not confirmed to be gone.</summary>
    public int UndeletedCount => LeftCount;

    /// <summary>What the host should know: why the service did not do what it was last asked; null when it did.</summary>
    public string? Fault => _bucket.Fault is { } fault ? $"{fault.Message} ({fault.Age.TotalSeconds:0} s ago)" : null;

    /// <summary>Number of requests that the service did not do.</summary>
    public long Failures => _bucket.Failures;

    /// <summary>Bytes of the copies on this machine.</summary>
    public long CopiedBytes => _copies.Bytes;

    public void Dispose()
    {
        _bucket.Dispose();
        _places.Dispose();
    }

    public override async Task PrepareAsync(CancellationToken cancel)
    {
        var place = _bucket.Address.ToString();
        if (MediaMark.Read(_directory) is { } marked && marked != place)
        {
            throw new OptionUnusableException(
                $"the media of '{_directory.Path}' are in {marked}, and --media names {place}: start with --media {marked}, or name another --data"
            );
        }
        var here = _directory.File(DataDirectory.MediaName);
        if (Directory.Exists(here) && Directory.EnumerateFiles(here, "*", SearchOption.AllDirectories).Any())
        {
            throw new OptionUnusableException(
                $"'{here}' holds media, and --media names {place}: the server would not find them there. Start without --media, or with a new --data"
            );
        }
        try
        {
            await _bucket.VerifyAsync(cancel).ConfigureAwait(false);
        }
        catch (BucketUnavailableException e) when (e.IsRefusal)
        {
            throw new OptionUnusableException(e.Message, e);
        }
        MediaMark.Write(_directory, place);
        CountCopies();
    }

    public override async Task<FinishedFile> KeepAsync(IncomingFile file, string id, string? part, CancellationToken cancel)
    {
        var name = MediaFolder.NameOf(id, part);
        var sha256 = await file.HashAsync().ConfigureAwait(false);
        await _bucket.PutAsync(name, file.Handle, file.Bytes, cancel).ConfigureAwait(false);
        // The author is often the first to look at a new story.
        var path = Folder.PathOf(id, part);
        _copies.Reserve(file.Bytes);
        try
        {
            file.Move(path);
            _copies.Add(name, path, file.Bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The bucket has the file. Only the copy is missing.
            _copies.GiveUp(file.Bytes);
        }
        return new(path, file.Bytes, sha256);
    }

    public override Task KeepGrownAsync(string id, SafeFileHandle file, FinishedFile grown, CancellationToken cancel) =>
        _bucket.PutAsync(MediaFolder.NameOf(id, part: null), file, grown.Bytes, cancel);

    public override void ForgetGrown(string id) => MediaFolder.DeleteIfThere(Folder.GrowingPathOf(id));

    public override async ValueTask<(SafeFileHandle? File, string? Fault)> OpenAsync(
        string id,
        string? part,
        StoryMedia media,
        CancellationToken cancel
    )
    {
        var name = MediaFolder.NameOf(id, part);
        for (var i = 0; i < Tries; i++)
        {
            if (_copies.Touch(name) && Folder.TryOpen(id, part) is { } file)
            {
                return (file, null);
            }
            if (await WaitForFillAsync(id, part, media, cancel).ConfigureAwait(false) is { } fault)
            {
                return (null, fault);
            }
        }
        throw new BucketUnavailableException($"too many files are read from {Place} at once for the room that --media-cache gives");
    }

    public override async ValueTask<BorrowedFile> BorrowAsync(string id, string? part, StoryMedia media)
    {
        var name = MediaFolder.NameOf(id, part);
        for (var i = 0; i < Tries; i++)
        {
            if (_copies.Hold(name))
            {
                var path = Folder.PathOf(id, part);
                if (File.Exists(path))
                {
                    return new(path, () => _copies.Release(name));
                }
                _copies.Forget([name]);
            }
            if (await WaitForFillAsync(id, part, media, CancellationToken.None).ConfigureAwait(false) is { } fault)
            {
                throw new PosterUnavailableException($"The file of the story {fault}.");
            }
        }
        throw new BucketUnavailableException($"too many files are read from {Place} at once for the room that --media-cache gives");
    }

    public override async ValueTask<FileStream?> OpenAsItIsAsync(string id, string? part, CancellationToken cancel)
    {
        var path = Path.Combine(_directory.TemporaryPath, Guid.NewGuid().ToString("N"));
        var file = PrivateFile.Open(path, FileMode.CreateNew, FileShare.None);
        try
        {
            // It has its bytes for as long as it is open.
            File.Delete(path);
            if (await CopyAsync(MediaFolder.NameOf(id, part), file, cancel).ConfigureAwait(false) is null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
                return null;
            }
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override bool TryDropCopy(string id, string? part)
    {
        MediaFolder.DeleteIfThere(Folder.PathOf(id, part));
        _copies.Forget([MediaFolder.NameOf(id, part)]);
        return true;
    }

    public override ValueTask<string?> GlanceAsync(string id, string? part, StoryMedia media, CancellationToken cancel) =>
        ValueTask.FromResult<string?>(null);

    public override async Task<string?> FindFaultAsync(
        string id,
        string? part,
        StoryMedia media,
        Func<int, ValueTask>? pace,
        CancellationToken cancel
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = await _bucket
            .ReadAsync(
                MediaFolder.NameOf(id, part),
                piece =>
                {
                    hash.AppendData(piece.Span);
                    return pace?.Invoke(piece.Length) ?? ValueTask.CompletedTask;
                },
                cancel
            )
            .ConfigureAwait(false);
        return Judge(bytes, hash, media);
    }

    public override async ValueTask<(long Bytes, DateTimeOffset ModifiedAt)> LookAsync(string id, string? part, CancellationToken cancel) =>
        await _bucket.FindAsync(MediaFolder.NameOf(id, part), cancel).ConfigureAwait(false) is { } found
            ? (found.Bytes, found.ModifiedAt)
            : (-1, default);

    public override async Task<bool> IsEmptyAsync(CancellationToken cancel)
    {
        await foreach (var _ in _bucket.ListAsync("", after: null, most: 1, cancel).ConfigureAwait(false))
        {
            return false;
        }
        return true;
    }

    public override async IAsyncEnumerable<FoundFile> AllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var path in Folder.All())
        {
            cancel.ThrowIfCancellationRequested();
            yield return new(path);
        }
        await foreach (var file in KeptAsync(cancel).ConfigureAwait(false))
        {
            yield return file;
        }
        await AbortUploadsAsync(cancel).ConfigureAwait(false);
    }

    public override async IAsyncEnumerable<FoundFile> SomeAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var count = 0;
        await foreach (var file in KeptAsync(cancel).ConfigureAwait(false))
        {
            yield return file;
            if (++count == SampleFiles)
            {
                yield break;
            }
        }
    }

    public override async Task<List<FoundFile>> FindInterruptedAsync(Func<string, bool> isKnown, CancellationToken cancel)
    {
        var found = new List<FoundFile>();
        foreach (var id in Arriving.Interrupted().Where(id => !isKnown(id)).ToList())
        {
            found.AddRange(Folder.FilesOf(id).Select(path => new FoundFile(path)));
            await foreach (var it in _bucket.ListAsync(id, after: null, cancel: cancel).ConfigureAwait(false))
            {
                found.Add(new(_bucket.Address.UrlOf(it.Name), it.Bytes));
            }
        }
        return found;
    }

    /// <summary>A listing may be behind for a while, so a note without files is kept as long as a file without a note.</summary>
    public override void ForgetArrived(Func<string, bool> isKnown)
    {
        foreach (var id in Arriving.Interrupted().Where(id => isKnown(id) || Arriving.BeganAt(id) < StrayUntil))
        {
            Arriving.Forget(id);
        }
    }

    public override async Task RemoveAsync(IReadOnlyCollection<FoundFile> files, CancellationToken cancel)
    {
        foreach (var file in files)
        {
            if (BucketAddress.IsOne(file.Path))
            {
                await _bucket.DeleteAsync(Path.GetFileName(file.Path), cancel).ConfigureAwait(false);
                Folder.NoteDeleted(file.Id);
            }
            else
            {
                Folder.Remove(file.Path);
            }
        }
    }

    protected override bool IsAway(Exception fault) => fault is BucketUnavailableException { IsRefusal: false };

    protected override Task DeleteKeptAsync(string id, string?[] parts, CancellationToken cancel) =>
        Task.WhenAll(parts.Select(part => _bucket.DeleteAsync(MediaFolder.NameOf(id, part), cancel)));

    protected override async ValueTask<bool> KeepsFilesAsync(string id, CancellationToken cancel)
    {
        string?[] parts = [null, StoryParts.Before, StoryParts.Difference];
        var found = await Task.WhenAll(parts.Select(part => _bucket.FindAsync(MediaFolder.NameOf(id, part), cancel))).ConfigureAwait(false);
        return found.Any(it => it is not null);
    }

    // File times and those of the service are of real clocks, whatever the server's clock says.
    private DateTimeOffset StrayUntil => TimeProvider.System.GetUtcNow() - _options.StrayAge;

    /// <summary>Files of stories in the bucket. Young ones may be of a post that another server is about to answer, and other objects are none of ours.</summary>
    private async IAsyncEnumerable<FoundFile> KeptAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var it in _bucket.ListAsync("", after: null, cancel: cancel).ConfigureAwait(false))
        {
            if (it.ModifiedAt < StrayUntil && StoryParts.IsFileOfStory(it.Name))
            {
                yield return new(_bucket.Address.UrlOf(it.Name), it.Bytes);
            }
        }
    }

    private async Task AbortUploadsAsync(CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (now - _uploadsLookedAt > UploadAge)
        {
            await _bucket.AbortUploadsAsync(now - UploadAge, cancel).ConfigureAwait(false);
            _uploadsLookedAt = now;
        }
    }

    /// <summary>Waits for a copy, and not for long behind many others.</summary>
    private async Task<string?> WaitForFillAsync(string id, string? part, StoryMedia media, CancellationToken cancel)
    {
        var patience = _bucket.PatienceFor(media.Bytes);
        try
        {
            return await FillAsync(id, part, media).WaitAsync(patience, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new BucketUnavailableException($"{Place} has not sent a file within {patience.TotalSeconds:0} s", inner: e);
        }
    }

    /// <summary>Makes a copy. All who want the same one share it, even when the first has gone.</summary>
    /// <returns>What is wrong with the file; null when the copy is there.</returns>
    private Task<string?> FillAsync(string id, string? part, StoryMedia media) =>
        _fills.Count >= FillsMaximum
            ? throw new BucketUnavailableException($"{FillsMaximum} files are being read from {Place} already")
            : _fills.GetOrAdd(MediaFolder.NameOf(id, part), name => new(() => FillAsync(name, id, part, media))).Value;

    private async Task<string?> FillAsync(string name, string id, string? part, StoryMedia media)
    {
        try
        {
            await _places.WaitAsync().ConfigureAwait(false);
            try
            {
                return await CopyHereAsync(name, id, part, media).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            _fills.TryRemove(name, out _);
        }
    }

    private async Task<string?> CopyHereAsync(string name, string id, string? part, StoryMedia media)
    {
        var temporary = Path.Combine(_directory.TemporaryPath, Guid.NewGuid().ToString("N"));
        var isThere = false;
        _copies.Reserve(media.Bytes);
        try
        {
            var fault = await CopyCheckedAsync(name, temporary, media).ConfigureAwait(false);
            if (fault is not null)
            {
                return fault;
            }
            _directory.MakeMediaFolder(id);
            var path = Folder.PathOf(id, part);
            File.Move(temporary, path, overwrite: true);
            _copies.Add(name, path, media.Bytes);
            isThere = true;
            // In this order: a story that ends now either finds the copy, or is found to have ended.
            if (!_stories.Has(id))
            {
                Folder.Delete(id);
            }
            return null;
        }
        finally
        {
            if (!isThere)
            {
                _copies.GiveUp(media.Bytes);
            }
            MediaFolder.DeleteIfThere(temporary);
        }
    }

    /// <summary>A file with a wrong hash may have been damaged on its way here, so it is read once more.</summary>
    private async Task<string?> CopyCheckedAsync(string name, string temporary, StoryMedia media)
    {
        string? fault = null;
        for (var i = 0; i < 2; i++)
        {
            await using var file = PrivateFile.Open(temporary, FileMode.Create, FileShare.None);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var bytes = await CopyAsync(name, file, CancellationToken.None, hash, media.Bytes).ConfigureAwait(false);
            fault = Judge(bytes, hash, media);
            if (fault is null or MediaReader.Missing)
            {
                break;
            }
        }
        return fault;
    }

    /// <summary>Copies an object into a file. A connection that breaks is tried again from the beginning.</summary>
    /// <returns>Its bytes; null when it is missing.</returns>
    private async Task<long?> CopyAsync(
        string name,
        FileStream file,
        CancellationToken cancel,
        IncrementalHash? hash = null,
        long most = long.MaxValue
    )
    {
        for (var i = 1; ; i++)
        {
            file.SetLength(0);
            file.Position = 0;
            hash?.GetHashAndReset();
            try
            {
                return await _bucket
                    .ReadAsync(
                        name,
                        piece =>
                        {
                            hash?.AppendData(piece.Span);
                            // The rest of a file that is too long is only counted, for the message.
                            if (file.Position <= most)
                            {
                                file.Write(piece.Span);
                            }
                            return ValueTask.CompletedTask;
                        },
                        cancel
                    )
                    .ConfigureAwait(false);
            }
            catch (BucketUnavailableException e) when (e is { IsRefusal: false, IsSilence: false } && i < Tries)
            {
                await Task.Delay(FirstPause * (1 << i), TimeProvider.System, cancel).ConfigureAwait(false);
            }
        }
    }

    private static string? Judge(long? bytes, IncrementalHash hash, StoryMedia media) =>
        bytes is not { } length ? MediaReader.Missing
        : length != media.Bytes ? MediaReader.WrongLength(length, media)
        : Convert.ToHexStringLower(hash.GetCurrentHash()) is var sha256 && sha256 != media.Sha256 ? MediaReader.WrongHash(sha256, media)
        : null;

    /// <summary>Counts the copies of earlier runs, the oldest first.</summary>
    private void CountCopies()
    {
        foreach (
            var file in Folder
                .All()
                .Where(path => StoryParts.IsFileOfStory(Path.GetFileName(path)))
                .Select(path => new FileInfo(path))
                .OrderBy(file => file.LastWriteTimeUtc)
        )
        {
            _copies.Reserve(file.Length);
            _copies.Add(file.Name, file.FullName, file.Length);
        }
    }
}
