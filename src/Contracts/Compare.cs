namespace StoriesCli.Contracts;

/// <summary>The pictures of a before/after story: what <c>?part=</c> says.</summary>
public static class StoryParts
{
    /// <summary>As it was.</summary>
    public const string Before = "before";

    /// <summary>As it is; what is served when no part is asked for.</summary>
    public const string After = "after";

    /// <summary>Made by the server: what changed in a strong colour, all else grey.</summary>
    public const string Difference = "difference";

    /// <summary>All of them, in the order in which one looks at them.</summary>
    public static readonly IReadOnlyList<string> All = [After, Before, Difference];
}

/// <summary>Two pictures of the same size, held against each other by the server.</summary>
public sealed record StoryCompare
{
    /// <summary>Share of the pixels that changed, 0 to 1: those of which red, green, blue (over white) or opacity differ by more than <see cref="Limits.CompareTolerance"/> of 255.</summary>
    public required double ChangedShare { get; init; }

    /// <summary>The picture before.</summary>
    public required StoryMedia Before { get; init; }

    /// <summary>The picture of the difference, a PNG.</summary>
    public required StoryMedia Difference { get; init; }
}

/// <summary>The files of a before/after story beside its first.</summary>
public sealed record ReceiptParts
{
    /// <summary>SHA-256 of the picture before.</summary>
    public required string Before { get; init; }

    /// <summary>SHA-256 of the picture of the difference.</summary>
    public required string Difference { get; init; }
}
