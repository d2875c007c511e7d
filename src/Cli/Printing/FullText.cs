using System.Text;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>Loads the full text of a text card. The story itself has only its beginning.</summary>
internal static class FullText
{
    public static async Task<string?> ReadAsync(ApiClient api, Story story, CancellationToken cancel)
    {
        if (story.Text is null || story.Media.Bytes > Limits.TextBytes || Encoding.UTF8.GetByteCount(story.Text) >= story.Media.Bytes)
        {
            return story.Text;
        }
        using var whole = new MemoryStream();
        await api.Media.DownloadAsync(story, whole, progress: null, cancel).ConfigureAwait(false);
        return Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
    }
}
