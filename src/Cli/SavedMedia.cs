using StoriesCli.Client;
using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>Saves media so that a file by the wanted name is always whole.</summary>
internal static class SavedMedia
{
    public static async Task<string> SaveAsync(Session session, Story story, string? wanted, bool force, CancellationToken cancel)
    {
        var path = ChoosePath(story, wanted);
        RefuseExisting(path, force);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw CommandException.Usage($"{folder}: there is no such directory.");
        }
        // The hash in its name says which media a part left by an earlier try belongs to.
        var part = Path.Combine(folder, $".{Path.GetFileName(path)}.{story.Media.Sha256[..12]}.part");
        try
        {
            var file = LocalFiles.Try(part, () => new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            await using (file.ConfigureAwait(false))
            {
                using var bar = session.Out.StartProgress(Path.GetFileName(path), story.Media.Bytes);
                await session.Api.DownloadAsync(story, file, bar, cancel).ConfigureAwait(false);
            }
            RefuseExisting(path, force);
            File.Move(part, path, force);
            return path;
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidDataException or ApiException)
        {
            File.Delete(part);
            throw;
        }
        catch (ServerUnreachableException)
        {
            session.Out.Note($"What has arrived is kept in {part}: the same command goes on from there.");
            throw;
        }
    }

    private static string ChoosePath(Story story, string? wanted)
    {
        var own = MediaFileName.Of(story);
        return wanted is null ? own : Directory.Exists(wanted) ? Path.Combine(wanted, own) : wanted;
    }

    private static void RefuseExisting(string path, bool force)
    {
        if (!force && Path.Exists(path))
        {
            throw new CommandException(ExitCode.Refused, $"{path} exists already: --force replaces it, -o names another file.");
        }
    }
}
