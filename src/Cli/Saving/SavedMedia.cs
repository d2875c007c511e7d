using System.Text;
using StoriesCli.Client.Api;
using StoriesCli.Client.Media;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Saving;

/// <summary>Saves media so that a file by the wanted name is always whole.</summary>
internal static class SavedMedia
{
    private const int NameBytes = 200;

    /// <param name="session">With the server.</param>
    /// <param name="story">Whose.</param>
    /// <param name="part">One of <see cref="StoryParts"/> that it has; null for the file that every story has.</param>
    /// <param name="wanted">A file or a directory; null for its own name here.</param>
    /// <param name="force">Replaces a file that exists.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The path, as it was wanted.</returns>
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

    /// <summary>The same for a story of one's own archive.</summary>
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
            // Cameras and pipelines give many files one name: in a folder of many stories each has a file of its own.
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
        // The hash in its name says which media a piece left by an earlier try belongs to.
        var piece = Path.Combine(folder, $".{Shorten(Path.GetFileName(path))}.{media.Sha256[..12]}.part");
        AbandonedParts.Remove(folder, piece, session.Now);
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
            session.Out.Note($"What has arrived is kept in {LocalFiles.NameOf(piece)}: the same command goes on from there.");
            throw;
        }
    }

    /// <summary>Whether a file in a folder is what was saved of this very story before, and not another one's of the same name.</summary>
    private static bool IsOf(Story story, string? part, StoryMedia media, string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.LinkTarget is null && file.Length == media.Bytes && file.LastWriteTimeUtc == TimeOf(story, part);
    }

    /// <summary>When the story was posted, to the millisecond; what is finer tells it from others of that moment.</summary>
    private static DateTime TimeOf(Story story, string? part)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{story.Id}{part}"));
        var milliseconds = DateTimeOffset.FromUnixTimeMilliseconds(story.CreatedAt.ToUnixTimeMilliseconds());
        return milliseconds.UtcDateTime.AddTicks(BitConverter.ToUInt16(hash) % TimeSpan.TicksPerMillisecond);
    }

    /// <summary>Not every file system lets its time be set, and the file is whole without it.</summary>
    private static void TryMark(string path, DateTime time)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Saved once more, it has the story's id in its name.
        }
    }

    /// <summary>What is added to it has room in a name of 255 bytes.</summary>
    private static string Shorten(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > NameBytes)
        {
            name = name[..^1];
        }
        return char.IsHighSurrogate(name, name.Length - 1) ? name[..^1] : name;
    }
}
