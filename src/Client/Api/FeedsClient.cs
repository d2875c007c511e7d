using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Keys for feed readers.</summary>
public sealed class FeedsClient
{
    private readonly ApiConnection _api;

    internal FeedsClient(ApiConnection api) => _api = api;

    /// <summary>Makes a key that reads the caller's feed; it is in the answer and nowhere else.</summary>
    /// <param name="name">What the caller calls it, at most <see cref="Limits.FeedNameCharacters"/> characters; null for <c>feed</c>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    /// <exception cref="SecretLostException">It was made, and was lost on the way.</exception>
    public Task<MadeFeed> CreateAsync(string? name = null, CancellationToken cancel = default) =>
        _api.PostAsync("/v1/feeds", new NewFeed { Name = name }, ContractsJson.Default.NewFeed, ContractsJson.Default.MadeFeed, cancel);

    /// <summary>The caller's own feed keys: all of them.</summary>
    public async Task<Feed[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/feeds" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageFeed, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Ends a feed key of the caller's, and the addresses that its feed named, at once.</summary>
    /// <exception cref="ApiException"><c>feed_not_found</c>.</exception>
    public Task RevokeAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/feeds/{ApiConnection.Segment(id)}", cancel);

    /// <summary>The address of the feed that a key reads, for a reader of feeds.</summary>
    /// <param name="key">As it was answered.</param>
    /// <param name="author">Handle of whose stories; null for everybody's.</param>
    public Uri AddressOf(string key, string? author = null) =>
        new(_api.Server, "/v1/feed.atom" + QueryText.From([("key", key), ("author", author)]));
}
