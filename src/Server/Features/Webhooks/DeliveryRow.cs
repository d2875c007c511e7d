using LiteDB;
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

    private static BsonDocument ToDocument(DeliveryRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["webhook"] = row.Webhook,
            ["type"] = row.Happened.Type,
            ["at"] = row.Happened.At.ToUnixTimeMilliseconds(),
            ["story"] = row.Happened.StoryId,
            ["author"] = row.Happened.Author,
            ["showsStory"] = row.Happened.ShowsStory,
            ["person"] = row.Happened.Person is { } person ? person : BsonValue.Null,
            ["emoji"] = row.Happened.Emoji,
            ["reply"] = row.Happened.ReplyId,
            ["token"] = row.Happened.TokenId,
            ["attempts"] = row.Attempts,
            ["nextAt"] = row.NextAt.ToUnixTimeMilliseconds(),
        };

    private static DeliveryRow FromDocument(BsonDocument document) =>
        new(
            document["_id"].AsString,
            document["webhook"].AsString,
            new()
            {
                Type = document["type"].AsString,
                At = DateTimeOffset.FromUnixTimeMilliseconds(document["at"].AsInt64),
                StoryId = document["story"].AsString,
                Author = document["author"].AsInt32,
                ShowsStory = document["showsStory"].AsBoolean,
                Person = document["person"] is { IsNull: false } person ? person.AsInt32 : null,
                Emoji = document["emoji"].AsString,
                ReplyId = document["reply"].AsString,
                TokenId = document["token"].AsString,
            },
            document["attempts"].AsInt32,
            DateTimeOffset.FromUnixTimeMilliseconds(document["nextAt"].AsInt64)
        );
}
