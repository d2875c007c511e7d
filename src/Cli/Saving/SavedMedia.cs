using System.Text;
using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Saving;

/// <summary>Saves media so that the wanted name always has a complete file.</summary>
internal static class SavedMedia
{
    private const int NameBytes = 200;

    /// <param name="session">With the server.</param>
    /// <param name="story">Whose.</param>
    /// <param name="part">One of <see cref="StoryParts"/>; null for the story's main file.</param>
    /// <param name="wanted">A file or directory; null for the default name in the current directory.</param>
    /// <param name="force">Whether to replace an existing file.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The path of the saved file.</returns>
    public static Task<string> SaveAsync(
        Session session,
        Story story,
        string? part,
        string? wanted,
        bool force,
        CancellationToken cancel
    ) =>
        SaveAsync(
            session,
            story,
            part,
            wanted,
            force,
            (into, bar) => session.Api.Media.DownloadAsync(story, part, into, bar, cancel),
            cancel
        );

    /// <summary>Saves the media of a story in the caller's archive.</summary>
    public static Task<string> SaveArchivedAsync(Session session, Story story, string? wanted, bool force, CancellationToken cancel) =>
        SaveAsync(
            session,
            story,
            part: null,
            wanted,
            force,
            (into, bar) => session.Api.Archive.DownloadAsync(story, into, bar, cancel),
            cancel
        );

    private static async Task<string> SaveAsync(
        Session session,
        Story story,
        string? part,
        string? wanted,
        bool force,
        Func<Stream, IProgress<long>?, Task> download,
        CancellationToken cancel
    )
    {
        var media = StoryPart.Get(story, part);
        var own = MediaFileName.Of(story with { Media = media });
        var path = SavedFile.ChoosePath(own, wanted);
        var isInFolder = Directory.Exists(wanted);
        if (
            !force
            && isInFolder
            && Path.Exists(path)
            && !IsOf(story, part, media, path)
            && !own.Contains(story.Id, StringComparison.Ordinal)
        )
        {
            // Many files have the same name, so each story in a folder gets its own.
            path = Path.Combine(
                wanted!,
                $"{Path.GetFileNameWithoutExtension(own)}-{(part is null ? "" : part + "-")}{story.Id}{Path.GetExtension(own)}"
            );
        }
        if (!FileKind.IsRegularOrNone(path))
        {
            await SavedFile.WriteIntoAsync(path, into => download(into, null), cancel).ConfigureAwait(false);
            return path;
        }
        var given = path;
        path = SavedFile.Follow(path);
        SavedFile.RefuseExisting(path, force);
        var folder = SavedFile.GetFolder(path);
        // The hash in the name tells which media a partial file belongs to.
        var piece = Path.Combine(folder, $".{Shorten(Path.GetFileName(path))}.{media.Sha256[..12]}.part");
        PartialFileCleanup.Remove(folder, piece, session.Now);
        try
        {
            var file = LocalFiles.Try(piece, () => new FileStream(piece, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            await using (file.ConfigureAwait(false))
            {
                using var bar = session.Out.StartProgress(Path.GetFileName(path), media.Bytes);
                await download(file, bar).ConfigureAwait(false);
            }
            SavedFile.RefuseExisting(path, force);
            if (isInFolder)
            {
                TryMark(piece, TimeOf(story, part));
            }
            File.Move(piece, path, force);
            return given;
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidDataException or ApiException)
        {
            File.Delete(piece);
            throw;
        }
        catch (IOException e)
        {
            File.Delete(piece);
            throw SavedFile.CannotBeWritten(path, e);
        }
        catch (ServerUnreachableException)
        {
            session.Out.Note($"The partial download is in {LocalFiles.NameOf(piece)}. Run the same command again to resume.");
            throw;
        }
    }

    /// <summary>Whether an existing file was saved from this story, not from another with the same file name.</summary>
    private static bool IsOf(Story story, string? part, StoryMedia media, string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.LinkTarget is null && file.Length == media.Bytes && file.LastWriteTimeUtc == TimeOf(story, part);
    }

    /// <summary>The time of posting in milliseconds, plus a fraction that identifies the story.</summary>
    private static DateTime TimeOf(Story story, string? part)
    {
        OpenSsl.Require();
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{story.Id}{part}"));
        var milliseconds = DateTimeOffset.FromUnixTimeMilliseconds(story.CreatedAt.ToUnixTimeMilliseconds());
        return milliseconds.UtcDateTime.AddTicks(BitConverter.ToUInt16(hash) % TimeSpan.TicksPerMillisecond);
    }

    /// <summary>Some file systems do not let the time be set. The file is complete anyway.</summary>
    private static void TryMark(string path, DateTime time)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A second save then adds the story's id to the name.
        }
    }

    /// <summary>Leaves room for suffixes within 255 bytes.</summary>
    private static string Shorten(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > NameBytes)
        {
            name = name[..^1];
        }
        return char.IsHighSurrogate(name, name.Length - 1) ? name[..^1] : name;
    }
}
