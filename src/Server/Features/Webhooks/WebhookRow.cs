using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>A webhook as stored.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Maker">Number of the account that made it. It receives what this account may see.</param>
/// <param name="Url">Address that receives the events.</param>
/// <param name="Events">Event types to send.</param>
/// <param name="SealedSecret">The secret, readable only by <see cref="WebhookSecrets"/>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Gone">Whether its receiver asked for no events ever again.</param>
/// <param name="Dropped">Number of events that were dropped because too many waited.</param>
/// <param name="NotBefore">Until when the receiver wants no attempts.</param>
/// <param name="DueAt">Events caused by the clock up to this time have been queued; null for a row from an older server.</param>
/// <param name="DueStory">At that time, stories up to this one have been queued.</param>
internal sealed record WebhookRow(
    string Id,
    int Maker,
    string Url,
    string[] Events,
    string SealedSecret,
    DateTimeOffset CreatedAt,
    bool Gone = false,
    long Dropped = 0,
    DateTimeOffset? NotBefore = null,
    DateTimeOffset? DueAt = null,
    string DueStory = ""
)
{
    public static readonly Collection<WebhookRow> Collection = new("webhooks", ToDocument, FromDocument);

    /// <summary>Whether an event caused by the clock comes after everything that was queued.</summary>
    public bool IsDue(Events.Announcement happened) =>
        DueAt is not { } at || happened.At > at || (happened.At == at && string.CompareOrdinal(happened.StoryId, DueStory) > 0);

    private static RowDocument ToDocument(WebhookRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["maker"] = row.Maker,
            ["url"] = row.Url,
            ["events"] = row.Events,
            ["secret"] = row.SealedSecret,
            ["createdAt"] = row.CreatedAt,
            ["gone"] = row.Gone,
            ["dropped"] = row.Dropped,
            ["notBefore"] = row.NotBefore,
            ["dueAt"] = row.DueAt,
            ["dueStory"] = row.DueStory,
        };

    private static WebhookRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["maker"].Int,
            document["url"].Text,
            document["events"].Texts,
            document["secret"].Text,
            document["createdAt"].Time,
            document["gone"].Flag,
            document["dropped"].Long,
            document["notBefore"].TimeOrNull,
            document["dueAt"].TimeOrNull,
            document["dueStory"].Text ?? ""
        );
}
