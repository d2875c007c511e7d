using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    /// <summary>Changes the caller's own account.</summary>
    /// <param name="change">What changes; its nulls leave things as they are.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The account as it is now.</returns>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>scope_missing</c>.</exception>
    public Task<Account> ChangeMeAsync(ProfileChange change, CancellationToken cancel = default) =>
        ReadAsync(
            _ => new(HttpMethod.Patch, "/v1/me") { Content = JsonContent.Create(change, ContractsJson.Default.ProfileChange) },
            ContractsJson.Default.Account,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>The caller's own expired stories, newest first: all that the archive has.</summary>
    /// <param name="search">Words in caption, text, tags or author; null for all stories.</param>
    /// <param name="cancel">Ends the enumeration.</param>
    public IAsyncEnumerable<Story> ListArchiveAsync(string? search = null, CancellationToken cancel = default) =>
        PagesAsync(cursor =>
            GetAsync("/v1/archive" + QueryText.From([("q", search), ("cursor", cursor)]), ContractsJson.Default.PageStory, cancel)
        );

    /// <summary>Opens the media of a story of the caller's archive for reading, without holding them in memory.</summary>
    /// <param name="id">The story.</param>
    /// <param name="from">Offset of the first byte that is wanted.</param>
    /// <param name="ifRange">Entity tag in its quotes: when the media are others by now, they come from their start.</param>
    /// <param name="cancel">Ends the call; the stream is read under the reader's own.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>range_not_satisfiable</c>.</exception>
    public Task<MediaDownload> OpenArchivedMediaAsync(
        string id,
        long from = 0,
        string? ifRange = null,
        CancellationToken cancel = default
    ) => OpenAsync($"/v1/archive/{Segment(id)}/media", from, ifRange, cancel);

    /// <summary>Downloads the media of a story of the caller's archive, as <see cref="DownloadAsync(Story, Stream, IProgress{long}?, CancellationToken)"/> does of one that is there.</summary>
    /// <param name="story">As <see cref="ListArchiveAsync"/> gave it.</param>
    /// <param name="target">Written to at its end; when it can seek, what it holds already counts as the beginning of an earlier try.</param>
    /// <param name="progress">Told the bytes that are there, on any thread.</param>
    /// <param name="cancel">Ends the download; the target keeps what came.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>.</exception>
    /// <exception cref="InvalidDataException">The bytes are not those that the story names.</exception>
    public Task DownloadArchivedAsync(Story story, Stream target, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(story);
        return DownloadAsync(
            story.Media,
            (from, ifRange) => OpenArchivedMediaAsync(story.Id, from, ifRange, cancel),
            target,
            progress,
            cancel
        );
    }

    /// <summary>Deletes a story of the caller's archive for good.</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>.</exception>
    public Task DeleteArchivedAsync(string id, CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Delete, $"/v1/archive/{Segment(id)}", cancel);
}
