using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    /// <summary>All webhooks, the oldest first, without their secrets; for an admin.</summary>
    /// <exception cref="ApiException"><c>role_missing</c>, <c>scope_missing</c>.</exception>
    public async Task<Webhook[]> ListWebhooksAsync(CancellationToken cancel = default) =>
        await PagesAsync(cursor =>
                GetAsync("/v1/webhooks" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageWebhook, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Has an address told what happens, as an admin; its secret is in the answer and nowhere else.</summary>
    /// <exception cref="ApiException"><c>invalid_request</c> also for an address that is private, local or reserved; <c>role_missing</c>, <c>scope_missing</c>.</exception>
    public Task<MadeWebhook> CreateWebhookAsync(NewWebhook webhook, CancellationToken cancel = default) =>
        PostAsync("/v1/webhooks", webhook, ContractsJson.Default.NewWebhook, ContractsJson.Default.MadeWebhook, cancel);

    /// <summary>Ends a webhook, as an admin: what waits for it is not told any more.</summary>
    /// <exception cref="ApiException"><c>webhook_not_found</c>, <c>role_missing</c>.</exception>
    public Task DeleteWebhookAsync(string id, CancellationToken cancel = default) =>
        CallAsync(HttpMethod.Delete, $"/v1/webhooks/{Segment(id)}", cancel);

    /// <summary>The last attempts to tell a webhook of the caller's own, at most <see cref="Limits.WebhookDeliveries"/>, the newest first.</summary>
    /// <exception cref="ApiException"><c>webhook_not_found</c>, <c>role_missing</c>.</exception>
    public async Task<WebhookDelivery[]> ListDeliveriesAsync(string id, CancellationToken cancel = default) =>
        await PagesAsync(cursor =>
                GetAsync(
                    $"/v1/webhooks/{Segment(id)}/deliveries" + QueryText.From([("cursor", cursor)]),
                    ContractsJson.Default.PageWebhookDelivery,
                    cancel
                )
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);
}
