using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>An event that a webhook is still to be told of. It holds no content: that is looked up, and its visibility asked, at each attempt.</summary>
/// <param name="Id">A ULID: the <c>webhook-id</c> of each attempt, in the order of the events.</param>
/// <param name="Webhook">Which one.</param>
/// <param name="Happened">What; whom it is for was asked when it was queued.</param>
/// <param name="Attempts">How many there were.</param>
/// <param name="NextAt">When the next is due.</param>
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
