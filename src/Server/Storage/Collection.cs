using LiteDB;

namespace StoriesCli.Server.Storage;

/// <summary>A named set of stored rows, and how to turn a row into a document and back. The document's <c>_id</c> is a string.</summary>
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

/// <summary>An index, created when the database opens, by an engine whose reads use it.</summary>
/// <param name="Name">Letters, digits and underscores, at most 32.</param>
/// <param name="Expression">For example <c>$.createdAt</c>.</param>
internal readonly record struct IndexSpec(string Name, string Expression);

/// <summary>What the engine needs to know about a collection, without the type of its rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Indexes">Its indexes.</param>
/// <param name="Read">Makes a row of a document.</param>
internal sealed record CollectionSchema(string Name, IReadOnlyList<IndexSpec> Indexes, Func<RowDocument, object> Read);
