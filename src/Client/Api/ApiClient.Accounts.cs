using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    /// <summary>The caller's own account, with the scopes of the token that asks.</summary>
    /// <exception cref="ApiException"><c>not_signed_in</c>.</exception>
    public Task<Account> GetMeAsync(CancellationToken cancel = default) => GetAsync("/v1/me", ContractsJson.Default.Account, cancel);

    /// <summary>Leaves the server: the caller's account and all that is the caller's is deleted. Needs a token with all scopes of the account.</summary>
    /// <exception cref="ApiException"><c>scope_missing</c>, <c>last_owner</c>.</exception>
    public Task LeaveAsync(CancellationToken cancel = default) => CallAsync(HttpMethod.Delete, "/v1/me", cancel);

    /// <summary>The limits that the server runs with; needs no token.</summary>
    public Task<ServerLimits> GetLimitsAsync(CancellationToken cancel = default) =>
        GetAsync("/v1/limits", ContractsJson.Default.ServerLimits, cancel);

    /// <summary>Makes an account with an invite; needs no token.</summary>
    /// <exception cref="ApiException"><c>invite_invalid</c>, <c>handle_taken</c>, <c>invalid_request</c>, <c>rate_limited</c>.</exception>
    public Task<Joined> JoinAsync(JoinRequest request, CancellationToken cancel = default) =>
        ReadAsync(
            _ =>
                new(HttpMethod.Post, "/v1/join")
                {
                    Content = new HeldContent(JsonContent.Create(request, ContractsJson.Default.JoinRequest)),
                    Headers = { ExpectContinue = true },
                },
            // An invite is used up by the first try that arrives: a second one would be refused and hide that.
            ContractsJson.Default.Joined,
            RetryRule.OnlyUnsent,
            cancel
        );

    /// <summary>Everybody on the server, by handle: all of them.</summary>
    public async Task<TeamMember[]> ListPeopleAsync(CancellationToken cancel = default) =>
        await PagesAsync(cursor =>
                GetAsync("/v1/people" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageTeamMember, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>The caller's tokens, without their secrets: all of them.</summary>
    public async Task<TokenInfo[]> ListTokensAsync(CancellationToken cancel = default) =>
        await PagesAsync(cursor =>
                GetAsync("/v1/tokens" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageTokenInfo, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Makes a token; its secret is in the answer and nowhere else.</summary>
    /// <exception cref="ApiException"><c>scope_missing</c>, <c>invalid_request</c>.</exception>
    public Task<MadeToken> CreateTokenAsync(NewToken token, CancellationToken cancel = default) =>
        PostAsync("/v1/tokens", token, ContractsJson.Default.NewToken, ContractsJson.Default.MadeToken, cancel);

    /// <summary>Ends a token of the caller's at once.</summary>
    /// <exception cref="ApiException"><c>token_not_found</c>.</exception>
    public Task RevokeTokenAsync(string id, CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Delete, $"/v1/tokens/{Segment(id)}", cancel);

    /// <summary>The invites that nobody has used, for an admin: all of them.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    public async Task<OpenInvite[]> ListInvitesAsync(CancellationToken cancel = default) =>
        await PagesAsync(cursor =>
                GetAsync("/v1/invites" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageOpenInvite, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Makes an invite for one person, as an admin; its code is in the answer and nowhere else.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>, <c>invalid_request</c>.</exception>
    public Task<MadeInvite> CreateInviteAsync(NewInvite invite, CancellationToken cancel = default) =>
        PostAsync("/v1/invites", invite, ContractsJson.Default.NewInvite, ContractsJson.Default.MadeInvite, cancel);

    /// <summary>Ends an invite, as an admin.</summary>
    /// <exception cref="ApiException"><c>invite_not_found</c>, <c>role_missing</c>.</exception>
    public Task RevokeInviteAsync(string id, CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Delete, $"/v1/invites/{Segment(id)}", cancel);
}
