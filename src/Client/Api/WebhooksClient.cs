using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Addresses that the server tells what happens, for admins.</summary>
public sealed class WebhooksClient
{
    private readonly ApiConnection _api;

    internal WebhooksClient(ApiConnection api) => _api = api;

    /// <summary>Lists all webhooks, oldest first, without their secrets, for an admin.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    public async Task<Webhook[]> ListAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync("/v1/webhooks" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageWebhook, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Creates a webhook, as an admin. Only this answer contains its secret.</summary>
    /// <exception cref="ApiException"><c>invalid_request</c> also for an address that is private, local or reserved; <c>role_missing</c>, <c>scope_missing</c>.</exception>
    public Task<MadeWebhook> CreateAsync(NewWebhook webhook, CancellationToken cancel = default) =>
        _api.PostAsync("/v1/webhooks", webhook, ContractsJson.Default.NewWebhook, ContractsJson.Default.MadeWebhook, cancel);

    /// <summary>Deletes a webhook, as an admin, with its waiting deliveries.</summary>
    /// <exception cref="ApiException"><c>webhook_not_found</c>, <c>role_missing</c>.</exception>
    public Task DeleteAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/webhooks/{ApiConnection.Segment(id)}", cancel);

    /// <summary>Lists the latest deliveries to one of the caller's webhooks, at most <see cref="Limits.WebhookDeliveries"/>, newest first.</summary>
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
