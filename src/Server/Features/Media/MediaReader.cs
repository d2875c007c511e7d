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
internal sealed class MediaReader(MediaFolder folder, MediaCache cache, DamagedMedia damaged)
{
    /// <summary>A fault that chown repairs and that the file itself does not show.</summary>
    public const string Unreadable = "cannot be read by the account of the server";

    private const string Missing = "is missing";
    private const int BufferBytes = 256 * 1024;
    private const int InputOutputError = 5,
        BadMessage = 74,
        NeedsCleaning = 117;

    /// <summary>
    /// Opens a file that is not known as damaged. A small one is compared with its hash before the first byte is sent, so that a damaged one
    /// gets an error message. A large one is compared while it is sent, and a damaged one breaks off before its end.
    /// </summary>
    /// <returns>The file; or null and what is wrong with it.</returns>
    public (OpenedMedia? File, string? Fault) TryOpen(string id, string? part, StoryMedia media)
    {
        part = part == StoryParts.After ? null : part;
        if (damaged.Find(id, part) is { } known)
        {
            return (null, known.Reason);
        }
        var cached = cache.Find(id, part);
        if (cached?.Content is { } content)
        {
            return (new(content, null), null);
        }
        var (file, fault) = TryOpenFile(id, part, media);
        if (file is null)
        {
            return (null, fault);
        }
        var stamp = FileStamp.Of(file);
        if (media.Bytes <= MediaCache.LargestBytes)
        {
            using (file)
            {
                return TryRead(file, id, part, media, stamp);
            }
        }
        var stream = new CheckedStream(
            file,
            media,
            cached?.Checksum,
            checksum => cache.Keep(id, part, folder.PathOf(id, part), stamp, new(null, checksum)),
            reason => Refuse(id, part, reason)
        );
        return (new(null, stream), null);
    }

    /// <summary>What is wrong with a file, as far as it shows without reading; null when nothing is.</summary>
    public string? Look(string id, string? part, StoryMedia media)
    {
        if (damaged.Find(id, part) is { } known)
        {
            return known.Reason;
        }
        var (file, fault) = TryOpenFile(id, part, media);
        file?.Dispose();
        return fault;
    }

    private (SafeFileHandle? File, string? Fault) TryOpenFile(string id, string? part, StoryMedia media)
    {
        SafeFileHandle? file;
        try
        {
            file = folder.TryOpen(id, part);
        }
        catch (UnauthorizedAccessException)
        {
            return (null, Unreadable);
        }
        if (file is not null && RandomAccess.GetLength(file) is var bytes && bytes != media.Bytes)
        {
            file.Dispose();
            return (null, WrongLength(bytes, media));
        }
        return (file, file is null ? Missing : null);
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
            var (file, fault) = TryOpenFile(id, part, media);
            if (file is null)
            {
                return fault;
            }
            using (file)
            {
                return await HashAsync(file, pace, cancel).ConfigureAwait(false) is var sha256 && sha256 != media.Sha256
                    ? WrongHash(sha256, media)
                    : null;
            }
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
