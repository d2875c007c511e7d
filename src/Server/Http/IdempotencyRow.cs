using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Http;

/// <summary>What a request with an <c>Idempotency-Key</c> did.</summary>
/// <param name="Id">Account number and key.</param>
/// <param name="Fingerprint">SHA-256 of what was asked.</param>
/// <param name="Status">What it was answered.</param>
/// <param name="Resource">What it made.</param>
/// <param name="At">When.</param>
internal sealed record IdempotencyRow(string Id, string Fingerprint, int Status, string Resource, DateTimeOffset At)
{
    public static readonly Collection<IdempotencyRow> Collection = new("idempotency", ToDocument, FromDocument);

    private static RowDocument ToDocument(IdempotencyRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["fingerprint"] = row.Fingerprint,
            ["status"] = row.Status,
            ["resource"] = row.Resource,
            ["at"] = row.At,
        };

    private static IdempotencyRow FromDocument(RowDocument document) =>
        new(document["_id"].Text, document["fingerprint"].Text, document["status"].Int, document["resource"].Text, document["at"].Time);
}
