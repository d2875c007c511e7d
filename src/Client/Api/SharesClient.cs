using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Stories shared as pages for a browser.</summary>
public sealed class SharesClient
{
    private readonly ApiConnection _api;

    internal SharesClient(ApiConnection api) => _api = api;

    /// <summary>Shares one of the caller's stories as a web page. Only this answer contains its address.</summary>
    /// <param name="id">The story.</param>
    /// <param name="ttl">Lifetime, at most <see cref="Limits.ShareTtlMaximum"/> and no longer than the story; null for <see cref="Limits.ShareTtl"/>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>not_author</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>invalid_request</c>.</exception>
    /// <exception cref="SecretLostException">It was created, but the answer was lost.</exception>
    public Task<MadeShare> CreateAsync(string id, TimeSpan? ttl = null, CancellationToken cancel = default) =>
        _api.PostAsync(
            $"/v1/stories/{ApiConnection.Segment(id)}/share",
            new NewShare { Ttl = ttl is { } time ? Durations.Format(time) : null },
            ContractsJson.Default.NewShare,
            ContractsJson.Default.MadeShare,
            cancel
        );

    /// <summary>Lists all active shares of the caller, newest first.</summary>
    public async Task<Share[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/shares" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageShare, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Deletes a share at once.</summary>
    /// <exception cref="ApiException"><c>share_not_found</c>.</exception>
    public Task RevokeAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/shares/{ApiConnection.Segment(id)}", cancel);
}
