using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Orders in which stories are sorted.</summary>
internal static class StoryOrder
{
    // By their bytes, as LiteDB does. The culture's order differs.
    private static readonly Comparison<StoryRow> Id = static (a, b) => string.CompareOrdinal(a.Id, b.Id);

    // By whole milliseconds, as rows store them.
    private static readonly Comparison<StoryRow> Expiry = static (a, b) =>
        a.ExpiresAt.ToUnixTimeMilliseconds().CompareTo(b.ExpiresAt.ToUnixTimeMilliseconds()) is not 0 and var earlier
            ? earlier
            : string.CompareOrdinal(a.Id, b.Id);

    public static readonly SortedTree<StoryRow> NoneById = new(Id);
    public static readonly SortedTree<StoryRow> NoneByExpiry = new(Expiry);

    /// <summary>Number of stories before the one with this id; all for null.</summary>
    /// <param name="stories">Stories by id.</param>
    /// <param name="id">Id of a story that may be gone.</param>
    public static int CountBefore(this SortedTree<StoryRow> stories, string? id) =>
        id is null ? stories.Count : stories.CountBefore(id, static (row, it) => string.CompareOrdinal(row.Id, it));

    /// <summary>Number of stories up to the one with this id, inclusive; none for null.</summary>
    /// <param name="stories">Stories by id.</param>
    /// <param name="id">Id of a story that may be gone.</param>
    public static int CountUntil(this SortedTree<StoryRow> stories, string? id) =>
        id is null ? 0 : stories.CountBefore(id, static (row, it) => string.CompareOrdinal(row.Id, it) <= 0 ? -1 : 1);

    /// <param name="rows">An array that only the tree uses from now on.</param>
    public static SortedTree<StoryRow> ById(StoryRow[] rows) => SortedTree<StoryRow>.Of(rows, Id);

    /// <param name="rows">An array that only the tree uses from now on.</param>
    public static SortedTree<StoryRow> ByExpiry(StoryRow[] rows) => SortedTree<StoryRow>.Of(rows, Expiry);
}
