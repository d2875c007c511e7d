using LiteDB;
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

    private static BsonDocument ToDocument(AuditRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["at"] = row.At.ToUnixTimeMilliseconds(),
            ["actor"] = row.Actor,
            ["action"] = row.Action,
            ["subject"] = row.Subject,
            ["detail"] = row.Detail,
        };

    private static AuditRow FromDocument(BsonDocument document) =>
        new(
            document["_id"].AsString,
            DateTimeOffset.FromUnixTimeMilliseconds(document["at"].AsInt64),
            document["actor"].AsString,
            document["action"].AsString,
            document["subject"].AsString,
            document["detail"].AsString
        );
}
