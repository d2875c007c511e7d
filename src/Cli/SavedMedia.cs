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
        var path = SavedFile.ChoosePath(SafeName(story), wanted);
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
            return path;
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidDataException or ApiException)
        {
            File.Delete(part);
            throw;
        }
        catch (IOException e)
        {
            File.Delete(part);
            throw new CommandException(ExitCode.Failed, $"{path} cannot be written, and nothing is left of it: {e.Message}");
        }
        catch (ServerUnreachableException)
        {
            session.Out.Note($"What has arrived is kept in {part}: the same command goes on from there.");
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

    /// <summary>The name that the author gave, where it is one that can do no harm here.</summary>
    public static string SafeName(Story story)
    {
        var given = CleanText.OneLine(story.Media.FileName ?? "").Replace('\\', '/').Split('/')[^1].Trim().TrimStart('.');
        var name = string.Concat(given.Split(Path.GetInvalidFileNameChars()));
        return name.Length > 0 ? name : $"{story.Id}.{Extension(story.Media.Type)}";
    }

    public static string Extension(string mediaType) => mediaType switch
    {
        "image/jpeg" => "jpg",
        "video/quicktime" => "mov",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "audio/wav" or "audio/x-wav" => "wav",
        "application/x-asciicast" => "cast",
        "text/plain" => "txt",
        _ => string.Concat(mediaType.Split('/')[^1].Where(char.IsAsciiLetterOrDigit)) is { Length: > 0 } sub ? sub : "bin",
    };
}
