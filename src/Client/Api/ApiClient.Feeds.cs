using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    /// <summary>Makes a key that reads the caller's feed; it is in the answer and nowhere else.</summary>
    /// <param name="name">What the caller calls it, at most <see cref="Limits.FeedNameCharacters"/> characters; null for <c>feed</c>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    /// <exception cref="SecretLostException">It was made, and was lost on the way.</exception>
    public Task<MadeFeed> CreateFeedAsync(string? name = null, CancellationToken cancel = default) =>
        PostAsync("/v1/feeds", new NewFeed { Name = name }, ContractsJson.Default.NewFeed, ContractsJson.Default.MadeFeed, cancel);

    /// <summary>The caller's own feed keys: all of them.</summary>
    public async Task<Feed[]> ListFeedsAsync(CancellationToken cancel = default) =>
        await PagesAsync(cursor => GetAsync("/v1/feeds" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageFeed, cancel))
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Ends a feed key of the caller's, and the addresses that its feed named, at once.</summary>
    /// <exception cref="ApiException"><c>feed_not_found</c>.</exception>
    public Task RevokeFeedAsync(string id, CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Delete, $"/v1/feeds/{Segment(id)}", cancel);

    /// <summary>The address of the feed that a key reads, for a reader of feeds.</summary>
    /// <param name="key">As it was answered.</param>
    /// <param name="author">Handle of whose stories; null for everybody's.</param>
    public Uri FeedAddress(string key, string? author = null) =>
        new(Server, "/v1/feed.atom" + QueryText.From([("key", key), ("author", author)]));
}
