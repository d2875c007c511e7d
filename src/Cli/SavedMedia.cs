using System.Text;
using StoriesCli.Client;
using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>Saves media so that a file by the wanted name is always whole.</summary>
internal static class SavedMedia
{
    private const int NameBytes = 200;

    public static async Task<string> SaveAsync(Session session, Story story, string? wanted, bool force, CancellationToken cancel)
    {
        var path = SavedFile.ChoosePath(MediaFileName.Of(story), wanted);
        if (!FileKind.IsRegularOrNone(path))
        {
            await SavedFile.WriteIntoAsync(path, into => session.Api.DownloadAsync(story, into, progress: null, cancel), cancel).ConfigureAwait(false);
            return path;
        }
        var given = path;
        path = SavedFile.Follow(path);
        SavedFile.RefuseExisting(path, force);
        var folder = SavedFile.GetFolder(path);
        // The hash in its name says which media a part left by an earlier try belongs to.
        var part = Path.Combine(folder, $".{Shorten(Path.GetFileName(path))}.{story.Media.Sha256[..12]}.part");
        try
        {
            var file = LocalFiles.Try(part, () => new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            await using (file.ConfigureAwait(false))
            {
                using var bar = session.Out.StartProgress(Path.GetFileName(path), story.Media.Bytes);
                await session.Api.DownloadAsync(story, file, bar, cancel).ConfigureAwait(false);
            }
            SavedFile.RefuseExisting(path, force);
            File.Move(part, path, force);
            return given;
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidDataException or ApiException)
        {
            File.Delete(part);
            throw;
        }
        catch (IOException e)
        {
            File.Delete(part);
            throw SavedFile.CannotBeWritten(path, e);
        }
        catch (ServerUnreachableException)
        {
            session.Out.Note($"What has arrived is kept in {LocalFiles.NameOf(part)}: the same command goes on from there.");
            throw;
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
