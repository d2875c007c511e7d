using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Addresses that the server tells what happens, for admins.</summary>
public sealed class WebhooksClient
{
    private readonly ApiConnection _api;

    internal WebhooksClient(ApiConnection api) => _api = api;

    /// <summary>All webhooks, the oldest first, without their secrets; for an admin.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    public async Task<Webhook[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/webhooks" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageWebhook, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Has an address told what happens, as an admin; its secret is in the answer and nowhere else.</summary>
    /// <exception cref="ApiException"><c>invalid_request</c> also for an address that is private, local or reserved; <c>role_missing</c>, <c>scope_missing</c>.</exception>
    public Task<MadeWebhook> CreateAsync(NewWebhook webhook, CancellationToken cancel = default) =>
        _api.PostAsync("/v1/webhooks", webhook, ContractsJson.Default.NewWebhook, ContractsJson.Default.MadeWebhook, cancel);

    /// <summary>Ends a webhook, as an admin: what waits for it is not told any more.</summary>
    /// <exception cref="ApiException"><c>webhook_not_found</c>, <c>role_missing</c>.</exception>
    public Task DeleteAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/webhooks/{ApiConnection.Segment(id)}", cancel);

    /// <summary>The last attempts to tell a webhook of the caller's own, at most <see cref="Limits.WebhookDeliveries"/>, the newest first.</summary>
    /// <exception cref="ApiException"><c>webhook_not_found</c>, <c>role_missing</c>.</exception>
    public async Task<WebhookDelivery[]> ListDeliveriesAsync(string id, CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync(
                    $"/v1/webhooks/{ApiConnection.Segment(id)}/deliveries" + QueryText.From([("cursor", cursor)]),
                    ContractsJson.Default.PageWebhookDelivery,
                    cancel
                )
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);
}
