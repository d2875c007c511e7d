using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Circles;

/// <summary>A stored circle, with the numbers of its members' accounts.</summary>
internal sealed record CircleRow(int Owner, string Name, int[] Members)
{
    public static readonly Collection<CircleRow> Collection = new("circles", ToDocument, FromDocument);

    public string Id => IdOf(Owner, Name);

    public static string IdOf(int owner, string name) => $"{owner}:{name}";

    private static RowDocument ToDocument(CircleRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["owner"] = row.Owner,
            ["name"] = row.Name,
            ["members"] = row.Members,
        };

    private static CircleRow FromDocument(RowDocument document) =>
        new(document["owner"].Int, document["name"].Text, document["members"].Ints);
}
