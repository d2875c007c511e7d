using StoriesCli.Contracts;

namespace StoriesCli.Client.Players;

/// <summary>A story's media on the disk for as long as a player that cannot open addresses needs them.</summary>
internal sealed class BorrowedFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stories-");

    private BorrowedFile(Story story) =>
        Path = System.IO.Path.Combine(
            _folder.FullName,
            "story." + string.Concat(story.Media.Type.Split('/')[^1].Where(char.IsAsciiLetterOrDigit))
        );

    public string Path { get; }

    public static async Task<BorrowedFile> FetchAsync(ApiClient api, Story story, CancellationToken cancel)
    {
        var borrowed = new BorrowedFile(story);
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
