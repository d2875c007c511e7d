using System.Collections.Immutable;

namespace StoriesCli.Server.Webhooks;

/// <summary>A webhook with what waits for it and what became of the last attempts.</summary>
/// <param name="Row">As stored.</param>
/// <param name="Secret">Null when it cannot be read.</param>
/// <param name="Waiting">By id, the oldest event first.</param>
/// <param name="Last">The last attempts, the oldest first.</param>
internal sealed record WebhookEntry(WebhookRow Row, byte[]? Secret, ImmutableSortedDictionary<string, DeliveryRow> Waiting, ImmutableList<AttemptRow> Last)
{
    public static WebhookEntry Of(WebhookRow row, byte[]? secret) => new(row, secret, ImmutableSortedDictionary.Create<string, DeliveryRow>(StringComparer.Ordinal), []);

    /// <summary>Which delivery is due first, unless the receiver wants to be left alone.</summary>
    public DeliveryRow? FindNext() => Waiting.Values.MinBy(delivery => (delivery.NextAt, delivery.Id));

    public DateTimeOffset DueAt(DeliveryRow delivery) => Row.NotBefore is { } until && until > delivery.NextAt ? until : delivery.NextAt;
}

/// <summary>All webhooks, in memory.</summary>
internal sealed record WebhookModel(ImmutableSortedDictionary<string, WebhookEntry> ById)
{
    public static readonly WebhookModel Empty = new(ImmutableSortedDictionary.Create<string, WebhookEntry>(StringComparer.Ordinal));

    public WebhookModel With(WebhookEntry entry) => new(ById.SetItem(entry.Row.Id, entry));

    public WebhookModel Without(string id) => new(ById.Remove(id));
}
