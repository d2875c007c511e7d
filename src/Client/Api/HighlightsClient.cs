using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Stories that people keep beyond their lifetime.</summary>
public sealed class HighlightsClient
{
    private readonly ApiConnection _api;

    internal HighlightsClient(ApiConnection api) => _api = api;

    /// <summary>Keeps one of the caller's stories beyond its lifetime. It then leaves tray and lists, and stays in the highlight.</summary>
    /// <param name="id">The story. It moves if another highlight keeps it.</param>
    /// <param name="highlight"><c>[a-z0-9._-]{1,64}</c>; created if it does not exist.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The story as it is now.</returns>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>not_author</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<Story> KeepAsync(string id, string highlight = NewKeep.DefaultHighlight, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ =>
                new(HttpMethod.Put, $"/v1/stories/{ApiConnection.Segment(id)}/keep")
                {
                    Content = JsonContent.Create(new NewKeep { Highlight = highlight }, ContractsJson.Default.NewKeep),
                },
            ContractsJson.Default.Story,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Stops keeping a story. If its lifetime is over, it expires at once.</summary>
    /// <exception cref="ApiException"><c>not_author</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task UnkeepAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/stories/{ApiConnection.Segment(id)}/keep", cancel);

    /// <summary>Lists a person's highlights with at least one visible story, by name.</summary>
    /// <exception cref="ApiException"><c>account_not_found</c>.</exception>
    public async Task<Highlight[]> ListAsync(string handle, CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync(HighlightPath(handle) + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageHighlight, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Lists all visible stories of a highlight, in the author's order.</summary>
    /// <exception cref="ApiException"><c>highlight_not_found</c>, <c>account_not_found</c>.</exception>
    public async Task<Story[]> GetAsync(string handle, string name, CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync(HighlightPath(handle, name) + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageStory, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Reorders the stories of one of the caller's highlights.</summary>
    /// <param name="handle">The caller.</param>
    /// <param name="name">The highlight.</param>
    /// <param name="order">The ids of all its stories, each once.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>not_author</c>, <c>highlight_not_found</c>.</exception>
    public Task OrderAsync(string handle, string name, string[] order, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ =>
                new(HttpMethod.Put, HighlightPath(handle, name))
                {
                    Content = JsonContent.Create(new HighlightOrder { Order = order }, ContractsJson.Default.HighlightOrder),
                },
            ContractsJson.Default.PageStory,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Deletes one of the caller's highlights, which no longer keeps its stories.</summary>
    /// <exception cref="ApiException"><c>not_author</c>, <c>highlight_not_found</c>.</exception>
    public Task DeleteAsync(string handle, string name, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, HighlightPath(handle, name), cancel);

    private static string HighlightPath(string handle, string name) =>
        Names.Highlight.IsMatch(name)
            ? $"{HighlightPath(handle)}/{name}"
            : throw new ArgumentException($"\"{name}\" is not a highlight's name.", nameof(name));

    private static string HighlightPath(string handle) =>
        Names.Handle.IsMatch(handle)
            ? $"/v1/people/{handle}/highlights"
            : throw new ArgumentException($"\"{handle}\" is not a handle.", nameof(handle));
}
