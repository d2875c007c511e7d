using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>Keeps the files of stories in the media folder of the data directory.</summary>
internal sealed class FolderStore(MediaFolder folder, ArrivingPosts arriving, DataDirectory directory) : MediaStore(folder, arriving)
{
    private const int BufferBytes = 256 * 1024;

    public override string Place => directory.MediaPath;

    public override Task PrepareAsync(CancellationToken cancel) =>
        MediaMark.Read(directory) is { } bucket
            ? throw new OptionUnusableException(
                $"the media of '{directory.Path}' are in {bucket}: start with --media {bucket} and the options of its service, or name another --data"
            )
            : Task.CompletedTask;

    public override Task<FinishedFile> KeepAsync(IncomingFile file, string id, string? part, CancellationToken cancel) =>
        file.FinishAsync(Folder.PathOf(id, part));

    public override Task KeepGrownAsync(string id, SafeFileHandle file, FinishedFile grown, CancellationToken cancel) => Task.CompletedTask;

    public override void ForgetGrown(string id) { }

    public override ValueTask<(SafeFileHandle? File, string? Fault)> OpenAsync(
        string id,
        string? part,
        StoryMedia media,
        CancellationToken cancel
    ) => ValueTask.FromResult(Folder.TryOpen(id, part) is { } file ? (file, (string?)null) : (null, MediaReader.Missing));

    public override ValueTask<BorrowedFile> BorrowAsync(string id, string? part, StoryMedia media) =>
        ValueTask.FromResult(new BorrowedFile(Folder.PathOf(id, part)));

    public override ValueTask<FileStream?> OpenAsItIsAsync(string id, string? part, CancellationToken cancel) =>
        ValueTask.FromResult(Folder.TryOpen(id, part) is { } file ? new FileStream(file, FileAccess.Read, bufferSize: 0) : null);

    public override ValueTask<string?> GlanceAsync(string id, string? part, StoryMedia media, CancellationToken cancel)
    {
        using var file = Folder.TryOpen(id, part);
        return ValueTask.FromResult(
            file is null ? MediaReader.Missing
            : RandomAccess.GetLength(file) is var bytes && bytes != media.Bytes ? MediaReader.WrongLength(bytes, media)
            : null
        );
    }

    public override async Task<string?> FindFaultAsync(
        string id,
        string? part,
        StoryMedia media,
        Func<int, ValueTask>? pace,
        CancellationToken cancel
    )
    {
        using var file = Folder.TryOpen(id, part);
        if (file is null)
        {
            return MediaReader.Missing;
        }
        if (RandomAccess.GetLength(file) is var bytes && bytes != media.Bytes)
        {
            return MediaReader.WrongLength(bytes, media);
        }
        return await HashAsync(file, pace, cancel).ConfigureAwait(false) is var sha256 && sha256 != media.Sha256
            ? MediaReader.WrongHash(sha256, media)
            : null;
    }

    public override ValueTask<(long Bytes, DateTimeOffset ModifiedAt)> LookAsync(string id, string? part, CancellationToken cancel) =>
        ValueTask.FromResult(Folder.Look(id, part));

    public override Task<bool> IsEmptyAsync(CancellationToken cancel) => Task.FromResult(!Folder.All().Any());

#pragma warning disable CS1998 // A folder is listed without waiting.
    public override async IAsyncEnumerable<FoundFile> AllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        foreach (var path in Folder.All())
        {
            cancel.ThrowIfCancellationRequested();
            yield return new(path);
        }
    }
#pragma warning restore CS1998

    public override Task<List<FoundFile>> FindInterruptedAsync(Func<string, bool> isKnown, CancellationToken cancel) =>
        Task.FromResult(
            Arriving.Interrupted().Where(id => !isKnown(id)).SelectMany(Folder.FilesOf).Select(path => new FoundFile(path)).ToList()
        );

    public override void ForgetArrived(Func<string, bool> isKnown)
    {
        foreach (var id in Arriving.Interrupted().Where(id => isKnown(id) || !Folder.HasFiles(id)))
        {
            Arriving.Forget(id);
        }
    }

    private static async Task<string> HashAsync(SafeFileHandle file, Func<int, ValueTask>? pace, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        long at = 0;
        for (int read; (read = await RandomAccess.ReadAsync(file, buffer, at, cancel).ConfigureAwait(false)) > 0; at += read)
        {
            hash.AppendData(buffer, 0, read);
            if (pace is not null)
            {
                await pace(read).ConfigureAwait(false);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
