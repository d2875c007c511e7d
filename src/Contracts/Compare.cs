namespace StoriesCli.Contracts;

/// <summary>Pictures of a before/after story: the values of <c>?part=</c>.</summary>
public static class StoryParts
{
    /// <summary>The picture before the change.</summary>
    public const string Before = "before";

    /// <summary>The picture after the change; the default part.</summary>
    public const string After = "after";

    /// <summary>Picture made by the server: changed pixels in a strong colour, the others grey.</summary>
    public const string Difference = "difference";

    /// <summary>All parts, in the order of viewing.</summary>
    public static readonly IReadOnlyList<string> All = [After, Before, Difference];

    /// <summary>Whether this is the name of a story's file: the story's id, alone or followed by a dot and the part of a before/after story.</summary>
    /// <param name="name">Name without folders.</param>
    public static bool IsFileOfStory(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split('.') switch
        {
            [var id] => Names.Id.IsMatch(id),
            [var id, Before or Difference] => Names.Id.IsMatch(id),
            _ => false,
        };
    }
}

/// <summary>Two pictures of the same size, compared by the server.</summary>
public sealed record StoryCompare
{
    /// <summary>Share of the pixels that changed, 0 to 1. A pixel changed when red, green, blue (over white) or opacity differ by more than <see cref="Limits.CompareTolerance"/> of 255.</summary>
    public required double ChangedShare { get; init; }

    /// <summary>The picture before.</summary>
    public required StoryMedia Before { get; init; }

    /// <summary>The difference picture, a PNG.</summary>
    public required StoryMedia Difference { get; init; }
}

/// <summary>Files of a before/after story other than the picture after.</summary>
public sealed record ReceiptParts
{
    /// <summary>SHA-256 of the picture before.</summary>
    public required string Before { get; init; }

    /// <summary>SHA-256 of the difference picture.</summary>
    public required string Difference { get; init; }
}
