using System.Collections.Frozen;

namespace StoriesCli.Server.Storage.Files;

/// <summary>A row that was lost when the data file was damaged.</summary>
/// <param name="Id">Its collection, a slash and its id.</param>
/// <param name="At">When the loss was found.</param>
internal sealed record QuarantineRow(string Id, DateTimeOffset At)
{
    public static readonly Collection<QuarantineRow> Collection = new("quarantine", ToDocument, FromDocument);

    public static string IdOf(string collection, string id) => $"{collection}/{id}";

    private static RowDocument ToDocument(QuarantineRow row) => new() { ["_id"] = row.Id, ["at"] = row.At };

    private static QuarantineRow FromDocument(RowDocument document) => new(document["_id"].Text, document["at"].Time);
}

/// <summary>
/// The lost rows. Code that depends on a missing row must know whether it never existed or was lost. A lost row must not give
/// anyone more rights than it did.
/// </summary>
internal sealed class Quarantine(IEnumerable<QuarantineRow> rows)
{
    public static readonly Quarantine Empty = new([]);

    private readonly FrozenDictionary<string, DateTimeOffset> _rows = rows.ToFrozenDictionary(
        row => row.Id,
        row => row.At,
        StringComparer.Ordinal
    );

    public IReadOnlyDictionary<string, DateTimeOffset> Rows => _rows;

    public bool Holds<TRow>(Collection<TRow> collection, string id) => _rows.ContainsKey(QuarantineRow.IdOf(collection.Name, id));

    /// <summary>When the loss of a row was found; null when it was not lost.</summary>
    public DateTimeOffset? LostAt<TRow>(Collection<TRow> collection, string id) =>
        _rows.TryGetValue(QuarantineRow.IdOf(collection.Name, id), out var at) ? at : null;

    /// <summary>Ids of a collection's lost rows.</summary>
    public IEnumerable<string> IdsOf<TRow>(Collection<TRow> collection)
    {
        var prefix = QuarantineRow.IdOf(collection.Name, "");
        return _rows.Keys.Where(id => id.StartsWith(prefix, StringComparison.Ordinal)).Select(id => id[prefix.Length..]);
    }
}
