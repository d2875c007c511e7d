using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>A story's file, opened for one answer: a small one as its bytes, a large one as a stream.</summary>
internal sealed record OpenedMedia(byte[]? Content, CheckedStream? Stream)
{
    public Stream ToStream() => Stream ?? (Stream)new MemoryStream(Content!, writable: false);
}

/// <summary>Reads stories' files for callers. It never returns a damaged file.</summary>
internal sealed class MediaReader(MediaStore store, MediaFolder folder, MediaCache cache, DamagedMedia damaged)
{
    /// <summary>A fault that chown repairs and that the file itself does not show.</summary>
    public const string Unreadable = "cannot be read by the account of the server";

    public const string Missing = "is missing";

    private static readonly TimeSpan AnotherTry = TimeSpan.FromSeconds(1);

    private const int InputOutputError = 5,
        BadMessage = 74,
        NeedsCleaning = 117;

    /// <summary>
    /// Opens a file that is not known as damaged. A small one is compared with its hash before the first byte is sent, so that a damaged one
    /// gets an error message. A large one is compared while it is sent, and a damaged one breaks off before its end.
    /// </summary>
    /// <returns>The file; or null and what is wrong with it.</returns>
    /// <exception cref="IOException">It cannot be read now, which says nothing about the file.</exception>
    public ValueTask<(OpenedMedia? File, string? Fault)> TryOpenAsync(string id, string? part, StoryMedia media, CancellationToken cancel)
    {
        part = part == StoryParts.After ? null : part;
        return damaged.Find(id, part) is { } known ? new((null, known.Reason))
            : cache.Find(id, part) is { Content: { } content } ? new((new OpenedMedia(content, null), null))
            : OpenAsync(id, part, media, cancel);
    }

    /// <summary>What is wrong with a file, as far as it shows without reading; null when nothing is.</summary>
    public async ValueTask<string?> LookAsync(string id, string? part, StoryMedia media, CancellationToken cancel)
    {
        if (damaged.Find(id, part) is { } known)
        {
            return known.Reason;
        }
        try
        {
            return await store.GlanceAsync(id, part, media, cancel).ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException)
        {
            return Unreadable;
        }
    }

    private async ValueTask<(OpenedMedia? File, string? Fault)> OpenAsync(
        string id,
        string? part,
        StoryMedia media,
        CancellationToken cancel
    )
    {
        var (file, fault) = await TryOpenFileAsync(id, part, media, cancel).ConfigureAwait(false);
        var opened = file is null ? (null, fault) : Open(file, id, part, media);
        // A damaged copy says nothing about what is kept, so another one is made, once.
        if (opened.File is null && file is not null && store.TryDropCopy(id, part))
        {
            (file, fault) = await TryOpenFileAsync(id, part, media, cancel).ConfigureAwait(false);
            opened = file is null ? (null, fault) : Open(file, id, part, media);
        }
        return opened;
    }

    private async ValueTask<(SafeFileHandle? File, string? Fault)> TryOpenFileAsync(
        string id,
        string? part,
        StoryMedia media,
        CancellationToken cancel
    )
    {
        try
        {
            return await store.OpenAsync(id, part, media, cancel).ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException)
        {
            return (null, Unreadable);
        }
    }

    /// <param name="file">The file. It is disposed, or belongs to the result.</param>
    /// <param name="id">Id of the story.</param>
    /// <param name="part">Part of the story; null for the story's main file.</param>
    /// <param name="media">Length and hash that the file must have.</param>
    private (OpenedMedia? File, string? Fault) Open(SafeFileHandle file, string id, string? part, StoryMedia media)
    {
        var stamp = FileStamp.Of(file);
        if (stamp.Bytes != media.Bytes || media.Bytes <= MediaCache.LargestBytes)
        {
            using (file)
            {
                return stamp.Bytes != media.Bytes ? (null, WrongLength(stamp.Bytes, media)) : TryRead(file, id, part, media, stamp);
            }
        }
        var stream = new CheckedStream(
            file,
            media,
            cache.Find(id, part)?.Checksum,
            checksum => cache.Keep(id, part, folder.PathOf(id, part), stamp, new(null, checksum)),
            reason =>
                store.TryDropCopy(id, part)
                    ? new ApiProblem(Errors.ServerUnavailable, $"the copy of the file on this server {reason}") { RetryAfter = AnotherTry }
                    : Refuse(id, part, reason)
        );
        return (new(null, stream), null);
    }

    private (OpenedMedia? File, string? Fault) TryRead(SafeFileHandle file, string id, string? part, StoryMedia media, FileStamp stamp)
    {
        var content = new byte[media.Bytes];
        try
        {
            var filled = 0;
            for (int read; (read = RandomAccess.Read(file, content.AsSpan(filled), filled)) > 0; filled += read) { }
            if (filled < content.Length)
            {
                return (null, WrongLength(filled, media));
            }
        }
        catch (IOException e) when (IsDamage(e))
        {
            return (null, CannotBeRead(e));
        }
        if (Convert.ToHexStringLower(SHA256.HashData(content)) is var sha256 && sha256 != media.Sha256)
        {
            return (null, WrongHash(sha256, media));
        }
        cache.Keep(id, part, folder.PathOf(id, part), stamp, new(content));
        return (new(content, null), null);
    }

    /// <summary>Notes that an existing story has a damaged file.</summary>
    /// <returns>The error for the caller.</returns>
    public ApiProblem Refuse(string id, string? part, string fault)
    {
        // A known fault stays as it was found, so that the check notices when the file changes.
        if (damaged.Find(id, part) is null)
        {
            damaged.Note(id, part, fault);
        }
        return DamagedMedia.Refusal(fault);
    }

    /// <summary>Compares a whole file with its hash.</summary>
    /// <param name="id">Id of the story.</param>
    /// <param name="part">Part of the story; null for the story's main file.</param>
    /// <param name="media">Length and hash that the file must have.</param>
    /// <param name="pace">Called with the number of bytes after each piece. It may wait.</param>
    /// <param name="cancel">Cancels between two pieces.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    /// <exception cref="IOException">It cannot be read now, which says nothing about the file.</exception>
    public async Task<string?> FindFaultAsync(
        string id,
        string? part,
        StoryMedia media,
        Func<int, ValueTask>? pace,
        CancellationToken cancel
    )
    {
        try
        {
            return await store.FindFaultAsync(id, part, media, pace, cancel).ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException)
        {
            return Unreadable;
        }
        catch (IOException e) when (IsDamage(e))
        {
            return CannotBeRead(e);
        }
    }

    /// <summary>Whether the disk cannot read the bytes. Other failures, such as too many open files, say nothing about them.</summary>
    public static bool IsDamage(IOException e) => e.HResult is InputOutputError or BadMessage or NeedsCleaning;

    public static string CannotBeRead(IOException e) => $"cannot be read from the disk (error {e.HResult})";

    public static string WrongLength(long bytes, StoryMedia media) =>
        FormattableString.Invariant($"has {bytes} bytes, and {media.Bytes} were posted");

    public static string WrongHash(string sha256, StoryMedia media) =>
        $"was changed: its SHA-256 is {sha256}, and that of what was posted {media.Sha256}";
}
