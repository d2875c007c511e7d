using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>The caller's own groups of people.</summary>
public sealed class CirclesClient
{
    private readonly ApiConnection _api;

    internal CirclesClient(ApiConnection api) => _api = api;

    /// <summary>Lists all circles of the caller, by name.</summary>
    public async Task<Circle[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/circles" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageCircle, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Creates a circle, or replaces its members.</summary>
    /// <param name="name"><c>[a-z0-9_-]{1,32}</c>.</param>
    /// <param name="members">Handles.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public Task<Circle> PutAsync(string name, string[] members, CancellationToken cancel = default)
    {
        var key = ApiClient.NewIdempotencyKey();
        return _api.ReadAsync(
            _ =>
                ApiConnection.WithKey(
                    new(HttpMethod.Put, CirclePath(name))
                    {
                        Content = JsonContent.Create(new CircleMembers { Members = members }, ContractsJson.Default.CircleMembers),
                    },
                    key
                ),
            ContractsJson.Default.Circle,
            RetryRule.AnyFault,
            cancel
        );
    }

    /// <summary>Deletes a circle. Its members can still see stories that were posted to it.</summary>
    /// <exception cref="ApiException"><c>circle_not_found</c>.</exception>
    public Task DeleteAsync(string name, CancellationToken cancel = default) => _api.CallAsync(HttpMethod.Delete, CirclePath(name), cancel);

    private static string CirclePath(string name) =>
        Names.Circle.IsMatch(name)
            ? $"/v1/circles/{name}"
            : throw new ArgumentException($"\"{name}\" is not a circle's name.", nameof(name));
}
