using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>What happened lately, in one document.</summary>
public sealed class DigestsClient
{
    private readonly ApiConnection _api;

    internal DigestsClient(ApiConnection api) => _api = api;

    /// <summary>Gets what was posted, answered, kept and asked since a time, and who has not seen the caller's stories.</summary>
    /// <param name="since">A time or a duration such as <c>24h</c>, at most 30 days ago; null for 24 hours.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public Task<Digest> GetAsync(string? since = null, CancellationToken cancel = default) =>
        _api.GetAsync(DigestPath(since), ContractsJson.Default.Digest, cancel);

    /// <summary>Gets the digest as Markdown, with text from others escaped.</summary>
    /// <param name="since">See <see cref="GetAsync"/>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public async Task<string> GetMarkdownAsync(string? since = null, CancellationToken cancel = default)
    {
        using var answer = await _api.SendAsync(
                _ => new(HttpMethod.Get, DigestPath(since)) { Headers = { { "Accept", "text/markdown" } } },
                HttpCompletionOption.ResponseContentRead,
                RetryRule.AnyFault,
                cancel
            )
            .ConfigureAwait(false);
        return await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
    }

    private static string DigestPath(string? since) => "/v1/digest" + QueryText.From([("since", since)]);
}
