using StoriesCli.Contracts;

namespace StoriesCli.Client.Players;

/// <summary>A temporary file with a story's media, for players that cannot open URLs.</summary>
internal sealed class TemporaryMediaFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stories-");

    private TemporaryMediaFile(Story story) =>
        Path = System.IO.Path.Combine(
            _folder.FullName,
            "story." + string.Concat(story.Media.Type.Split('/')[^1].Where(char.IsAsciiLetterOrDigit))
        );

    public string Path { get; }

    public static async Task<TemporaryMediaFile> FetchAsync(ApiClient api, Story story, CancellationToken cancel)
    {
        var borrowed = new TemporaryMediaFile(story);
        try
        {
            var file = new FileStream(borrowed.Path, FileMode.CreateNew, FileAccess.ReadWrite);
            await using var _ = file.ConfigureAwait(false);
            await api.Media.DownloadAsync(story, file, progress: null, cancel).ConfigureAwait(false);
            return borrowed;
        }
        catch
        {
            borrowed.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
