namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    /// <summary>Pictures, videos and audio that the caller may see, oldest first, as an extended M3U for a player. Its links need no token and hold for an hour at the most.</summary>
    /// <param name="author">Handle of whose stories; null for everybody's.</param>
    /// <param name="unseen">Whether to leave out what the caller has seen.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public async Task<string> GetPlaylistAsync(string? author = null, bool unseen = false, CancellationToken cancel = default)
    {
        var path = "/v1/playlist.m3u8" + QueryText.From([("author", author), ("unseen", unseen ? "true" : null)]);
        using var answer = await SendAsync(
                _ => new(HttpMethod.Get, path),
                HttpCompletionOption.ResponseContentRead,
                RetryRule.AnyFault,
                cancel
            )
            .ConfigureAwait(false);
        return await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
    }
}
