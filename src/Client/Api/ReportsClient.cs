using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Stories reported to the admins.</summary>
public sealed class ReportsClient
{
    private readonly ApiConnection _api;

    internal ReportsClient(ApiConnection api) => _api = api;

    /// <summary>Reports a story to the admins. Replaces the caller's earlier report.</summary>
    /// <param name="id">The story.</param>
    /// <param name="reason">1 to <see cref="Limits.ReasonCharacters"/> characters.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public async Task CreateAsync(string id, string reason, CancellationToken cancel = default)
    {
        var key = ApiClient.NewIdempotencyKey();
        using var answer = await _api.SendAsync(
                _ =>
                    ApiConnection.WithKey(
                        new(HttpMethod.Post, $"/v1/stories/{ApiConnection.Segment(id)}/report")
                        {
                            Content = JsonContent.Create(new NewReport { Reason = reason }, ContractsJson.Default.NewReport),
                        },
                        key
                    ),
                HttpCompletionOption.ResponseContentRead,
                RetryRule.AnyFault,
                cancel
            )
            .ConfigureAwait(false);
    }

    /// <summary>Lists all reports of active stories, newest first, for an admin.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    public async Task<Report[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/admin/reports" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageReport, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);
}
