using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client;

public sealed partial class ApiClient
{
    /// <summary>Changes the caller's own account.</summary>
    /// <param name="change">What changes; its nulls leave things as they are.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The account as it is now.</returns>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>scope_missing</c>.</exception>
    public Task<Account> ChangeMeAsync(ProfileChange change, CancellationToken cancel = default) => ReadAsync(
        _ => new(HttpMethod.Patch, "/v1/me") { Content = JsonContent.Create(change, ContractsJson.Default.ProfileChange) },
        ContractsJson.Default.Account, RetryRule.AnyFault, cancel);

    /// <summary>The caller's own expired stories, newest first: all that the archive has.</summary>
    /// <param name="search">Words in caption, text, tags or author; null for all stories.</param>
    /// <param name="cancel">Ends the enumeration.</param>
    public IAsyncEnumerable<Story> ListArchiveAsync(string? search = null, CancellationToken cancel = default) => PagesAsync(
        cursor => GetAsync("/v1/archive" + QueryText.From([("q", search), ("cursor", cursor)]), ContractsJson.Default.PageStory, cancel));

    /// <summary>Deletes a story of the caller's archive for good.</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>.</exception>
    public Task DeleteArchivedAsync(string id, CancellationToken cancel = default) => CallAsync(HttpMethod.Delete, $"/v1/archive/{Segment(id)}", cancel);
}
