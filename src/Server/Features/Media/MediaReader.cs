using System.Security.Cryptography;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>Reads stories' files for callers. It never returns a damaged file.</summary>
internal sealed class MediaReader(MediaFolder folder, DamagedMedia damaged)
{
    /// <summary>A fault that chown repairs and that the file itself does not show.</summary>
    public const string Unreadable = "cannot be read by the account of the server";

    private const int BufferBytes = 256 * 1024;

    // Files up to this size are hashed before the first byte is sent, so that a damaged one gets an error message.
    private const long HashedFirst = 1024 * 1024;
    private const int InputOutputError = 5,
        BadMessage = 74,
        NeedsCleaning = 117;

    /// <summary>Opens a file if it has the length in its row and is not known as damaged.</summary>
    /// <returns>The file; or null and what is wrong with it.</returns>
    public (FileStream? File, string? Fault) TryOpen(string id, string? part, StoryMedia media)
    {
        if (damaged.Find(id, part) is { } known)
        {
            return (null, known.Reason);
        }
        FileStream? file;
        try
        {
            file = folder.TryOpen(id, part);
        }
        catch (UnauthorizedAccessException)
        {
            return (null, Unreadable);
        }
        if (file is not null && RandomAccess.GetLength(file.SafeFileHandle) is var bytes && bytes != media.Bytes)
        {
            file.Dispose();
            return (null, WrongLength(bytes, media));
        }
        return (file, file is null ? "is missing" : null);
    }

    /// <summary>What is wrong with a file, as far as it shows without reading; null when nothing is.</summary>
    public string? Look(string id, string? part, StoryMedia media)
    {
        var (file, fault) = TryOpen(id, part, media);
        file?.Dispose();
        return fault;
    }

    /// <summary>Wraps an opened file for sending: a damaged file never results in a complete answer.</summary>
    /// <exception cref="ApiProblem"><c>media_damaged</c>.</exception>
    public async Task<Stream> CheckAsync(FileStream file, string id, string? part, StoryMedia media, CancellationToken cancel)
    {
        var stream = new CheckedStream(file, media, fault => Refuse(id, part, fault));
        try
        {
            if (media.Bytes <= HashedFirst)
            {
                await stream.CopyToAsync(Stream.Null, BufferBytes, cancel).ConfigureAwait(false);
                stream.Position = 0;
            }
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
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
        FileStream? file = null;
        try
        {
            file = folder.TryOpen(id, part);
            if (file is null)
            {
                return "is missing";
            }
            if (RandomAccess.GetLength(file.SafeFileHandle) is var bytes && bytes != media.Bytes)
            {
                return WrongLength(bytes, media);
            }
            return await HashAsync(file, pace, cancel).ConfigureAwait(false) is var sha256 && sha256 != media.Sha256
                ? WrongHash(sha256, media)
                : null;
        }
        catch (UnauthorizedAccessException)
        {
            return Unreadable;
        }
        catch (IOException e) when (IsDamage(e))
        {
            return CannotBeRead(e);
        }
        finally
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether the disk cannot read the bytes. Other failures, such as too many open files, say nothing about them.</summary>
    public static bool IsDamage(IOException e) => e.HResult is InputOutputError or BadMessage or NeedsCleaning;

    public static string CannotBeRead(IOException e) => $"cannot be read from the disk (error {e.HResult})";

    public static string WrongLength(long bytes, StoryMedia media) =>
        FormattableString.Invariant($"has {bytes} bytes, and {media.Bytes} were posted");

    public static string WrongHash(string sha256, StoryMedia media) =>
        $"was changed: its SHA-256 is {sha256}, and that of what was posted {media.Sha256}";

    private static async Task<string> HashAsync(FileStream file, Func<int, ValueTask>? pace, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        for (int read; (read = await file.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0; )
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
