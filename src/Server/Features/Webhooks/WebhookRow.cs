using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>A webhook as stored.</summary>
/// <param name="Id">A ULID.</param>
/// <param name="Maker">Number of the account with whose eyes it sees.</param>
/// <param name="Url">What is told.</param>
/// <param name="Events">What it is told of.</param>
/// <param name="SealedSecret">The secret, which only <see cref="WebhookSecrets"/> can read.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Gone">Whether its receiver said that it is never to be told again.</param>
/// <param name="Dropped">How many events were not told because too many others waited.</param>
/// <param name="NotBefore">Until when its receiver wants to be left alone.</param>
/// <param name="DueAt">Up to when what the clock brings about is in its queue, or was; null for one that an older server made.</param>
/// <param name="DueStory">The last story of that instant of which that holds.</param>
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

    /// <summary>Whether something that the clock brought about comes after all that is in its queue, or was.</summary>
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
