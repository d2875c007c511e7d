using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Invites, for admins.</summary>
public sealed class InvitesClient
{
    private readonly ApiConnection _api;

    internal InvitesClient(ApiConnection api) => _api = api;

    /// <summary>Lists all unused invites, for an admin.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    public async Task<OpenInvite[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/invites" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageOpenInvite, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Creates an invite for one person, as an admin. Only this answer contains its code.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>, <c>invalid_request</c>.</exception>
    public Task<MadeInvite> CreateAsync(NewInvite invite, CancellationToken cancel = default) =>
        _api.PostAsync("/v1/invites", invite, ContractsJson.Default.NewInvite, ContractsJson.Default.MadeInvite, cancel);

    /// <summary>Revokes an invite, as an admin.</summary>
    /// <exception cref="ApiException"><c>invite_not_found</c>, <c>role_missing</c>.</exception>
    public Task RevokeAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/invites/{ApiConnection.Segment(id)}", cancel);
}
