using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>Result of one delivery attempt as stored, without the bodies of request and response.</summary>
/// <param name="Id">A ULID, in the order of the attempts.</param>
/// <param name="Webhook">Id of the webhook.</param>
/// <param name="Delivery">Id of the delivery, its <c>webhook-id</c>.</param>
/// <param name="Type">Type of the event.</param>
/// <param name="Story">Id of the story.</param>
/// <param name="At">When it ended.</param>
/// <param name="Number">Number of the attempt, from 1.</param>
/// <param name="Status">HTTP status of the response.</param>
/// <param name="Error">What went wrong, in words; never a secret.</param>
/// <param name="DurationMs">Duration in milliseconds.</param>
/// <param name="NextAt">When the next attempt is due.</param>
internal sealed record AttemptRow(
    string Id,
    string Webhook,
    string Delivery,
    string Type,
    string Story,
    DateTimeOffset At,
    int Number,
    int? Status,
    string? Error,
    long DurationMs,
    DateTimeOffset? NextAt
)
{
    public static readonly Collection<AttemptRow> Collection = new("webhookAttempts", ToDocument, FromDocument);

    private static RowDocument ToDocument(AttemptRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["webhook"] = row.Webhook,
            ["delivery"] = row.Delivery,
            ["type"] = row.Type,
            ["story"] = row.Story,
            ["at"] = row.At,
            ["number"] = row.Number,
            ["status"] = row.Status,
            ["error"] = row.Error,
            ["durationMs"] = row.DurationMs,
            ["nextAt"] = row.NextAt,
        };

    private static AttemptRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["webhook"].Text,
            document["delivery"].Text,
            document["type"].Text,
            document["story"].Text,
            document["at"].Time,
            document["number"].Int,
            document["status"].IntOrNull,
            document["error"].Text,
            document["durationMs"].Long,
            document["nextAt"].TimeOrNull
        );
}
