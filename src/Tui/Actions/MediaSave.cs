using StoriesCli.Contracts;

namespace StoriesCli.Tui.Actions;

/// <summary>Saves media into a folder, whole or not at all, and over nothing that is there.</summary>
internal static class MediaSave
{
    public static async Task<string> RunAsync(
        ApiClient client,
        Story story,
        bool isArchived,
        string folder,
        IProgress<long> progress,
        CancellationToken cancel
    )
    {
        var name = MediaFileName.Of(story);
        var part = Path.Combine(folder, $".{story.Id}.{Guid.NewGuid():N}.part");
        try
        {
            var file = new FileStream(part, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            await using (file.ConfigureAwait(false))
            {
                await (
                    isArchived
                        ? client.DownloadArchivedAsync(story, file, progress, cancel)
                        : client.DownloadAsync(story, file, progress, cancel)
                ).ConfigureAwait(false);
            }
            return Move(part, folder, name);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static string Move(string part, string folder, string name)
    {
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(
                folder,
                number == 1 ? name : $"{Path.GetFileNameWithoutExtension(name)}-{number}{Path.GetExtension(name)}"
            );
            try
            {
                File.Move(part, path, overwrite: false);
                return path;
            }
            catch (IOException) when (number < 1000 && Path.Exists(path))
            {
                // Taken: the next name.
            }
        }
    }
}
