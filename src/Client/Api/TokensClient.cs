using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>The caller's tokens.</summary>
public sealed class TokensClient
{
    private readonly ApiConnection _api;

    internal TokensClient(ApiConnection api) => _api = api;

    /// <summary>Lists all tokens of the caller, without their secrets.</summary>
    public async Task<TokenInfo[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/tokens" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageTokenInfo, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Creates a token. Only this answer contains its secret.</summary>
    /// <exception cref="ApiException"><c>scope_missing</c>, <c>invalid_request</c>.</exception>
    public Task<MadeToken> CreateAsync(NewToken token, CancellationToken cancel = default) =>
        _api.PostAsync("/v1/tokens", token, ContractsJson.Default.NewToken, ContractsJson.Default.MadeToken, cancel);

    /// <summary>Revokes a token at once.</summary>
    /// <exception cref="ApiException"><c>token_not_found</c>.</exception>
    public Task RevokeAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/tokens/{ApiConnection.Segment(id)}", cancel);
}
