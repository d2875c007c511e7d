using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>What the caller has muted.</summary>
public sealed class MutesClient
{
    private readonly ApiConnection _api;

    internal MutesClient(ApiConnection api) => _api = api;

    /// <summary>Lists the caller's mutes: everything first, then people by handle, then tags.</summary>
    public async Task<Mute[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/me/mutes" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageMute, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Mutes a person, whose stories then do not count as unseen.</summary>
    /// <param name="handle">Who.</param>
    /// <param name="until">When it ends; null for never.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>account_not_found</c>, <c>invalid_request</c>.</exception>
    public Task MutePersonAsync(string handle, DateTimeOffset? until = null, CancellationToken cancel = default) =>
        MuteAsync(MutedPersonPath(handle), until, cancel);

    /// <summary>Unmutes a person.</summary>
    /// <exception cref="ApiException"><c>account_not_found</c>.</exception>
    public Task UnmutePersonAsync(string handle, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, MutedPersonPath(handle), cancel);

    /// <summary>Mutes a tag. Stories with it do not count as unseen.</summary>
    /// <param name="tag"><c>[a-z0-9-]{1,32}</c>.</param>
    /// <param name="until">When it ends; null for never.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public Task MuteTagAsync(string tag, DateTimeOffset? until = null, CancellationToken cancel = default) =>
        MuteAsync(MutedTagPath(tag), until, cancel);

    /// <summary>Unmutes a tag.</summary>
    public Task UnmuteTagAsync(string tag, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, MutedTagPath(tag), cancel);

    /// <summary>Mutes everything, so that nothing counts as unseen.</summary>
    /// <param name="until">When it ends; null for never.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public Task MuteAllAsync(DateTimeOffset? until = null, CancellationToken cancel = default) => MuteAsync("/v1/me/mute", until, cancel);

    /// <summary>Unmutes everything. Muted people and tags stay muted.</summary>
    public Task UnmuteAllAsync(CancellationToken cancel = default) => _api.CallAsync(HttpMethod.Delete, "/v1/me/mute", cancel);

    private async Task MuteAsync(string path, DateTimeOffset? until, CancellationToken cancel)
    {
        using var answer = await _api.SendAsync(
                _ =>
                    new(HttpMethod.Put, path)
                    {
                        Content = JsonContent.Create(new NewMute { Until = until }, ContractsJson.Default.NewMute),
                    },
                HttpCompletionOption.ResponseContentRead,
                RetryRule.AnyFault,
                cancel
            )
            .ConfigureAwait(false);
    }

    private static string MutedPersonPath(string handle) =>
        Names.Handle.IsMatch(handle)
            ? $"/v1/people/{handle}/mute"
            : throw new ArgumentException($"\"{handle}\" is not a handle.", nameof(handle));

    private static string MutedTagPath(string tag) =>
        Names.Tag.IsMatch(tag) ? $"/v1/tags/{tag}/mute" : throw new ArgumentException($"\"{tag}\" is not a tag.", nameof(tag));
}
