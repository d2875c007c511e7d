using LiteDB;

namespace StoriesCli.Server.Storage;

/// <summary>A set of rows that is stored, and how a row becomes a document and comes back. The document's <c>_id</c> is a text.</summary>
internal sealed record Collection<TRow>(
    string Name,
    Func<TRow, RowDocument> ToDocument,
    Func<RowDocument, TRow> FromDocument,
    params IndexSpec[] Indexes
)
{
    internal BsonDocument Write(TRow row) => ToDocument(row).Stored;

    internal TRow Read(BsonDocument stored) => FromDocument(new(stored));
}

/// <summary>An index that is made when the database opens.</summary>
/// <param name="Name">Letters, digits and underscores, at most 32.</param>
/// <param name="Expression">For example <c>$.createdAt</c>.</param>
/// <param name="Unique">Whether a second row with the same value is refused.</param>
internal readonly record struct IndexSpec(string Name, string Expression, bool Unique = false);

/// <summary>What the engine needs to know of a collection, whatever its rows are.</summary>
internal sealed record CollectionSchema(string Name, IReadOnlyList<IndexSpec> Indexes);
