using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>The caller's account, and who else is on the server.</summary>
public sealed class AccountsClient
{
    private readonly ApiConnection _api;

    internal AccountsClient(ApiConnection api) => _api = api;

    /// <summary>Gets the caller's account, with the scopes of the current token.</summary>
    /// <exception cref="ApiException"><c>not_signed_in</c>.</exception>
    public Task<Account> GetMeAsync(CancellationToken cancel = default) => _api.GetAsync("/v1/me", ContractsJson.Default.Account, cancel);

    /// <summary>Deletes the caller's account with all its content. Needs a token with all scopes of the account.</summary>
    /// <exception cref="ApiException"><c>scope_missing</c>, <c>last_owner</c>.</exception>
    public Task LeaveAsync(CancellationToken cancel = default) => _api.CallAsync(HttpMethod.Delete, "/v1/me", cancel);

    /// <summary>Creates an account with an invite, or a token with an access link. Needs no token.</summary>
    /// <exception cref="ApiException"><c>invite_invalid</c>, <c>handle_taken</c>, <c>invalid_request</c>, <c>rate_limited</c>.</exception>
    public Task<Joined> JoinAsync(JoinRequest request, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ =>
                new(HttpMethod.Post, "/v1/join")
                {
                    Content = new ExpectContinueContent(JsonContent.Create(request, ContractsJson.Default.JoinRequest)),
                    Headers = { ExpectContinue = true },
                },
            // The first request that arrives uses up the invite. A retry would be refused and hide the success.
            ContractsJson.Default.Joined,
            RetryRule.OnlyUnsent,
            cancel
        );

    /// <summary>Lists everybody on the server, by handle. Reads all pages.</summary>
    public async Task<TeamMember[]> ListPeopleAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/people" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageTeamMember, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Changes the caller's account.</summary>
    /// <param name="change">The changes; null leaves a value as it is.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The account as it is now.</returns>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>scope_missing</c>.</exception>
    public Task<Account> ChangeMeAsync(ProfileChange change, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ => new(HttpMethod.Patch, "/v1/me") { Content = JsonContent.Create(change, ContractsJson.Default.ProfileChange) },
            ContractsJson.Default.Account,
            RetryRule.AnyFault,
            cancel
        );
}
