using LiteDB;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Circles;

/// <summary>A circle as stored: people by their account numbers.</summary>
internal sealed record CircleRow(int Owner, string Name, int[] Members)
{
    public static readonly Collection<CircleRow> Collection = new("circles", ToDocument, FromDocument);

    public string Id => IdOf(Owner, Name);

    public static string IdOf(int owner, string name) => $"{owner}:{name}";

    private static BsonDocument ToDocument(CircleRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["owner"] = row.Owner,
            ["name"] = row.Name,
            ["members"] = new BsonArray(row.Members.Select(n => new BsonValue(n))),
        };

    private static CircleRow FromDocument(BsonDocument document) =>
        new(document["owner"].AsInt32, document["name"].AsString, [.. document["members"].AsArray.Select(n => n.AsInt32)]);
}
