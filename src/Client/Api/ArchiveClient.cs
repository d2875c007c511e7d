using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>The caller's own expired stories.</summary>
public sealed class ArchiveClient
{
    private readonly ApiConnection _api;
    private readonly MediaClient _media;

    internal ArchiveClient(ApiConnection api, MediaClient media)
    {
        _api = api;
        _media = media;
    }

    /// <summary>The caller's own expired stories, newest first: all that the archive has.</summary>
    /// <param name="search">Words in caption, text, tags or author; null for all stories.</param>
    /// <param name="cancel">Ends the enumeration.</param>
    public IAsyncEnumerable<Story> ListAsync(string? search = null, CancellationToken cancel = default) =>
        _api.PagesAsync(cursor =>
            _api.GetAsync("/v1/archive" + QueryText.From([("q", search), ("cursor", cursor)]), ContractsJson.Default.PageStory, cancel)
        );

    /// <summary>Opens the media of a story of the caller's archive for reading, without holding them in memory.</summary>
    /// <param name="id">The story.</param>
    /// <param name="from">Offset of the first byte that is wanted.</param>
    /// <param name="ifRange">Entity tag in its quotes: when the media are others by now, they come from their start.</param>
    /// <param name="cancel">Ends the call; the stream is read under the reader's own.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>range_not_satisfiable</c>.</exception>
    public Task<MediaDownload> OpenMediaAsync(string id, long from = 0, string? ifRange = null, CancellationToken cancel = default) =>
        _media.OpenAsync($"/v1/archive/{ApiConnection.Segment(id)}/media", from, ifRange, cancel);

    /// <summary>Downloads the media of a story of the caller's archive, as <see cref="MediaClient.DownloadAsync(Story, Stream, IProgress{long}?, CancellationToken)"/> does of one that is there.</summary>
    /// <param name="story">As <see cref="ListAsync"/> gave it.</param>
    /// <param name="target">Written to at its end; when it can seek, what it holds already counts as the beginning of an earlier try.</param>
    /// <param name="progress">Told the bytes that are there, on any thread.</param>
    /// <param name="cancel">Ends the download; the target keeps what came.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>.</exception>
    /// <exception cref="InvalidDataException">The bytes are not those that the story names.</exception>
    public Task DownloadAsync(Story story, Stream target, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(story);
        return _media.DownloadAsync(
            story.Media,
            (from, ifRange) => OpenMediaAsync(story.Id, from, ifRange, cancel),
            target,
            progress,
            cancel
        );
    }

    /// <summary>Deletes a story of the caller's archive for good.</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>.</exception>
    public Task DeleteAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/archive/{ApiConnection.Segment(id)}", cancel);
}
