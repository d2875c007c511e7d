using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Mutes;

/// <summary>A stored mute: of a person, a tag, or everything when it names neither.</summary>
/// <param name="Owner">Number of the account that mutes.</param>
/// <param name="Person">Number of the muted author, or null.</param>
/// <param name="Tag">The muted tag, or null.</param>
/// <param name="Until">When it ends; null when it does not end.</param>
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
