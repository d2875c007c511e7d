using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Audit;

/// <summary>A stored entry of the audit trail. It names people by their handles, which are never reused.</summary>
/// <param name="Id">A ULID, in the order of the actions.</param>
/// <param name="At">When it was done.</param>
/// <param name="Actor">Handle of the account that did it; null for the host, on the server's machine.</param>
/// <param name="Action">One of <see cref="Contracts.AuditActions"/>.</param>
/// <param name="Subject">Handle or id of the account or thing that the action changed.</param>
/// <param name="Detail">More about it, in words; never a secret.</param>
internal sealed record AuditRow(string Id, DateTimeOffset At, string? Actor, string Action, string Subject, string? Detail)
{
    public static readonly Collection<AuditRow> Collection = new("audit", ToDocument, FromDocument);

    private static RowDocument ToDocument(AuditRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["at"] = row.At,
            ["actor"] = row.Actor,
            ["action"] = row.Action,
            ["subject"] = row.Subject,
            ["detail"] = row.Detail,
        };

    private static AuditRow FromDocument(RowDocument document) =>
        new(
            document["_id"].Text,
            document["at"].Time,
            document["actor"].Text,
            document["action"].Text,
            document["subject"].Text,
            document["detail"].Text
        );
}
