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

    /// <summary>Lists the caller's expired stories, newest first.</summary>
    /// <param name="search">Words in caption, text, tags or author; null for all stories.</param>
    /// <param name="cancel">Ends the enumeration.</param>
    public IAsyncEnumerable<Story> ListAsync(string? search = null, CancellationToken cancel = default) =>
        _api.PagesAsync(cursor =>
            _api.GetAsync("/v1/archive" + QueryText.From([("q", search), ("cursor", cursor)]), ContractsJson.Default.PageStory, cancel)
        );

    /// <summary>Opens the media of an archived story as a stream.</summary>
    /// <param name="id">The story.</param>
    /// <param name="from">Offset of the first wanted byte.</param>
    /// <param name="ifRange">Entity tag with its quotes: if the media have changed, they are sent from the start.</param>
    /// <param name="cancel">Cancels the call. Reading the stream takes its own token.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>range_not_satisfiable</c>.</exception>
    public Task<MediaDownload> OpenMediaAsync(string id, long from = 0, string? ifRange = null, CancellationToken cancel = default) =>
        _media.OpenAsync($"/v1/archive/{ApiConnection.Segment(id)}/media", from, ifRange, cancel);

    /// <summary>Downloads the media of an archived story, as <see cref="MediaClient.DownloadAsync(Story, Stream, IProgress{long}?, CancellationToken)"/> does for an active one.</summary>
    /// <param name="story">As <see cref="ListAsync"/> gave it.</param>
    /// <param name="target">Appended to. If it can seek, its content counts as the beginning of an earlier try.</param>
    /// <param name="progress">Receives the number of bytes so far, on any thread.</param>
    /// <param name="cancel">Cancels the download; the target keeps the received bytes.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>.</exception>
    /// <exception cref="InvalidDataException">The bytes do not match the story's length and SHA-256.</exception>
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

    /// <summary>Deletes an archived story permanently.</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>.</exception>
    public Task DeleteAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/archive/{ApiConnection.Segment(id)}", cancel);
}
