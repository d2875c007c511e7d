using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    /// <summary>What was posted, answered, kept and asked since an instant, and who has not seen the caller's stories.</summary>
    /// <param name="since">A time or a duration such as <c>24h</c>, at most 30 days back; null for 24 hours.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public Task<Digest> GetDigestAsync(string? since = null, CancellationToken cancel = default) =>
        GetAsync(DigestPath(since), ContractsJson.Default.Digest, cancel);

    /// <summary>The same as Markdown, in which the text of others is text and nothing else.</summary>
    /// <param name="since">As of <see cref="GetDigestAsync"/>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public async Task<string> GetDigestMarkdownAsync(string? since = null, CancellationToken cancel = default)
    {
        using var answer = await SendAsync(
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
