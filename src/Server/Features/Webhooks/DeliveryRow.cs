using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>An event that waits for delivery to a webhook. It has no content: each attempt looks that up and checks its visibility.</summary>
/// <param name="Id">A ULID, the <c>webhook-id</c> of every attempt, in the order of the events.</param>
/// <param name="Webhook">Id of the webhook.</param>
/// <param name="Happened">The event. Its receivers were decided when it was queued.</param>
/// <param name="Attempts">Number of attempts so far.</param>
/// <param name="NextAt">When the next attempt is due.</param>
internal sealed record DeliveryRow(string Id, string Webhook, Announcement Happened, int Attempts, DateTimeOffset NextAt)
{
    public static readonly Collection<DeliveryRow> Collection = new("webhookQueue", ToDocument, FromDocument);

    private static RowDocument ToDocument(DeliveryRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["webhook"] = row.Webhook,
            ["type"] = row.Happened.Type,
            ["at"] = row.Happened.At,
            ["story"] = row.Happened.StoryId,
            ["author"] = row.Happened.Author,
            ["showsStory"] = row.Happened.ShowsStory,
            ["person"] = row.Happened.Person,
            ["emoji"] = row.Happened.Emoji,
            ["reply"] = row.Happened.ReplyId,
            ["token"] = row.Happened.TokenId,
            ["attempts"] = row.Attempts,
            ["nextAt"] = row.NextAt,
        };

    private static DeliveryRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["webhook"].Text,
            new()
            {
                Type = document["type"].Text,
                At = document["at"].Time,
                StoryId = document["story"].Text,
                Author = document["author"].Int,
                ShowsStory = document["showsStory"].Flag,
                Person = document["person"].IntOrNull,
                Emoji = document["emoji"].Text,
                ReplyId = document["reply"].Text,
                TokenId = document["token"].Text,
            },
            document["attempts"].Int,
            document["nextAt"].Time
        );
}
