using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Audit;

/// <summary>One deed as stored. It names people by their handles, which are never given to another.</summary>
/// <param name="Id">A ULID, so that the rows lie in the order of the deeds.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who; null for the host, at the machine itself.</param>
/// <param name="Action">What, one of <see cref="Contracts.AuditActions"/>.</param>
/// <param name="Subject">To whom or what: a handle or an id.</param>
/// <param name="Detail">More, in words; never a secret.</param>
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
