using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Reports;

/// <summary>A stored report of a story by one viewer.</summary>
internal sealed record ReportRow(string Story, int Reporter, string Reason, DateTimeOffset At)
{
    public static readonly Collection<ReportRow> Collection = new("reports", ToDocument, FromDocument);

    public string Id => $"{Story}:{Reporter}";

    private static RowDocument ToDocument(ReportRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["story"] = row.Story,
            ["reporter"] = row.Reporter,
            ["reason"] = row.Reason,
            ["at"] = row.At,
        };

    private static ReportRow FromDocument(RowDocument document) =>
        new(document["story"].Text, document["reporter"].Int, document["reason"].Text, document["at"].Time);
}
