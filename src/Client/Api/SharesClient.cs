using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Stories shared as pages for a browser.</summary>
public sealed class SharesClient
{
    private readonly ApiConnection _api;

    internal SharesClient(ApiConnection api) => _api = api;

    /// <summary>Shares a story of the caller's own as a page for a browser; its address is in the answer and nowhere else.</summary>
    /// <param name="id">The story.</param>
    /// <param name="ttl">How long it holds, at most <see cref="Limits.ShareTtlMaximum"/>, and never past the story; null for <see cref="Limits.ShareTtl"/>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>not_author</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>invalid_request</c>.</exception>
    /// <exception cref="SecretLostException">It was made, and its address was lost on the way.</exception>
    public Task<MadeShare> CreateAsync(string id, TimeSpan? ttl = null, CancellationToken cancel = default) =>
        _api.PostAsync(
            $"/v1/stories/{ApiConnection.Segment(id)}/share",
            new NewShare { Ttl = ttl is { } time ? Durations.Format(time) : null },
            ContractsJson.Default.NewShare,
            ContractsJson.Default.MadeShare,
            cancel
        );

    /// <summary>The caller's own shares that hold, the newest first: all of them.</summary>
    public async Task<Share[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/shares" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageShare, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Ends a share of the caller's at once.</summary>
    /// <exception cref="ApiException"><c>share_not_found</c>.</exception>
    public Task RevokeAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/shares/{ApiConnection.Segment(id)}", cancel);
}
