using System.Collections.Immutable;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>A webhook with its waiting events and last attempts.</summary>
/// <param name="Row">The stored row.</param>
/// <param name="Secret">The secret; null when it cannot be read.</param>
/// <param name="Waiting">Waiting deliveries by id, oldest event first.</param>
/// <param name="Last">The last attempts, oldest first.</param>
internal sealed record WebhookEntry(
    WebhookRow Row,
    byte[]? Secret,
    ImmutableSortedDictionary<string, DeliveryRow> Waiting,
    ImmutableList<AttemptRow> Last
)
{
    public static WebhookEntry Of(WebhookRow row, byte[]? secret) =>
        new(row, secret, ImmutableSortedDictionary.Create<string, DeliveryRow>(StringComparer.Ordinal), []);

    /// <summary>The delivery that is due first, no earlier than the receiver allows.</summary>
    public DeliveryRow? FindNext() => Waiting.Values.MinBy(delivery => (delivery.NextAt, delivery.Id));

    public DateTimeOffset DueAt(DeliveryRow delivery) => Row.NotBefore is { } until && until > delivery.NextAt ? until : delivery.NextAt;
}

/// <summary>All webhooks, in memory.</summary>
internal sealed record WebhookModel(ImmutableSortedDictionary<string, WebhookEntry> ById)
{
    public static readonly WebhookModel Empty = new(ImmutableSortedDictionary.Create<string, WebhookEntry>(StringComparer.Ordinal));

    /// <param name="row">A webhook.</param>
    /// <param name="open">Opens its sealed secret; returns null when it cannot be read.</param>
    public WebhookModel With(WebhookRow row, Func<string, string, byte[]?> open) =>
        With(
            ById.TryGetValue(row.Id, out var entry) && entry.Row.SealedSecret == row.SealedSecret
                ? entry with
                {
                    Row = row,
                }
                : WebhookEntry.Of(row, open(row.SealedSecret, row.Id))
        );

    public WebhookModel Without(WebhookRow row) => new(ById.Remove(row.Id));

    public WebhookModel With(DeliveryRow row) => Change(row.Webhook, entry => entry with { Waiting = entry.Waiting.SetItem(row.Id, row) });

    public WebhookModel Without(DeliveryRow row) => Change(row.Webhook, entry => entry with { Waiting = entry.Waiting.Remove(row.Id) });

    public WebhookModel With(AttemptRow row) =>
        Change(row.Webhook, entry => entry with { Last = entry.Last.RemoveAll(it => it.Id == row.Id).Add(row) });

    public WebhookModel Without(AttemptRow row) =>
        Change(row.Webhook, entry => entry with { Last = entry.Last.RemoveAll(it => it.Id == row.Id) });

    // The row of a webhook may be lost while its deliveries are not.
    private WebhookModel Change(string id, Func<WebhookEntry, WebhookEntry> change) =>
        ById.TryGetValue(id, out var entry) ? With(change(entry)) : this;

    private WebhookModel With(WebhookEntry entry) => new(ById.SetItem(entry.Row.Id, entry));
}
