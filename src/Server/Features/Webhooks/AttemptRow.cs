using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Webhooks;

/// <summary>How one attempt to tell a webhook ended, as stored: neither what was said nor what was answered.</summary>
/// <param name="Id">A ULID, in the order of the attempts.</param>
/// <param name="Webhook">Which one.</param>
/// <param name="Delivery">Of what: its <c>webhook-id</c>.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Story">The story it is about.</param>
/// <param name="At">When it ended.</param>
/// <param name="Number">Which attempt it was, from 1.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="Error">In words; never a secret.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="NextAt">When it is tried again.</param>
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
