using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Keys for feed readers.</summary>
public sealed class FeedsClient
{
    private readonly ApiConnection _api;

    internal FeedsClient(ApiConnection api) => _api = api;

    /// <summary>Creates a key for the caller's feed. Only this answer contains it.</summary>
    /// <param name="name">Its name, at most <see cref="Limits.FeedNameCharacters"/> characters; null for <c>feed</c>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    /// <exception cref="SecretLostException">It was created, but the answer was lost.</exception>
    public Task<MadeFeed> CreateAsync(string? name = null, CancellationToken cancel = default) =>
        _api.PostAsync("/v1/feeds", new NewFeed { Name = name }, ContractsJson.Default.NewFeed, ContractsJson.Default.MadeFeed, cancel);

    /// <summary>Lists all feed keys of the caller.</summary>
    public async Task<Feed[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/feeds" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageFeed, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Deletes a feed key at once, with the media addresses in its feed.</summary>
    /// <exception cref="ApiException"><c>feed_not_found</c>.</exception>
    public Task RevokeAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/feeds/{ApiConnection.Segment(id)}", cancel);

    /// <summary>The address of a key's feed, for feed readers.</summary>
    /// <param name="key">The key from the answer.</param>
    /// <param name="author">Handle of the author; null for all authors.</param>
    public Uri AddressOf(string key, string? author = null) =>
        new(_api.Server, "/v1/feed.atom" + QueryText.From([("key", key), ("author", author)]));
}
