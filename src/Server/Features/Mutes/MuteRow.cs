using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Mutes;

/// <summary>Something that an account does not want to be told of, as stored: a person, a tag, or with neither everything.</summary>
/// <param name="Owner">Number of the account that mutes.</param>
/// <param name="Person">Number of the author that is muted.</param>
/// <param name="Tag">The tag that is muted.</param>
/// <param name="Until">When it ends; null for never.</param>
internal sealed record MuteRow(int Owner, int? Person, string? Tag, DateTimeOffset? Until)
{
    public static readonly Collection<MuteRow> Collection = new("mutes", ToDocument, FromDocument);

    public string Id =>
        Person is { } person ? $"{Owner}:person:{person}"
        : Tag is { } tag ? $"{Owner}:tag:{tag}"
        : $"{Owner}:all";

    public bool Holds(DateTimeOffset now) => Until is null || Until > now;

    private static RowDocument ToDocument(MuteRow row) =>
        new()
        {
            ["_id"] = row.Id,
            ["owner"] = row.Owner,
            ["person"] = row.Person,
            ["tag"] = row.Tag,
            ["until"] = row.Until,
        };

    private static MuteRow FromDocument(RowDocument document) =>
        new(document["owner"].Int, document["person"].IntOrNull, document["tag"].Text, document["until"].TimeOrNull);
}
