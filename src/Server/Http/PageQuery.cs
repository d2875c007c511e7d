using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>The parameters that every list has, as the query gives them. They are checked when the handler uses them.</summary>
internal readonly record struct PageQuery(string? LimitText, string? Cursor)
{
    /// <summary>Makes it a parameter of handlers.</summary>
    public static ValueTask<PageQuery> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.Request));

    public static PageQuery Of(HttpRequest request) => new(request.Query["limit"], request.Query["cursor"]);

    /// <exception cref="ApiProblem"><c>invalid_request</c> outside 1–200.</exception>
    public int GetLimit() =>
        LimitText is null ? Limits.PageDefault
        : int.TryParse(LimitText, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Limits.PageMaximum
            ? limit
        : throw ApiProblem.Invalid("limit", $"must be 1 to {Limits.PageMaximum}, was \"{Excerpt.Of(LimitText)}\"");

    /// <summary>A page of a list that is short enough to be cut out of memory, continued by position.</summary>
    public Page<T> Cut<T>(IReadOnlyList<T> all)
    {
        var limit = GetLimit();
        var start = 0;
        if (Cursor is not null && !(int.TryParse(Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out start) && start <= all.Count))
        {
            throw ApiProblem.Invalid("cursor", "is not one that this list gave");
        }
        var items = all.Skip(start).Take(limit).ToArray();
        var next = start + items.Length;
        return new() { Items = items, NextCursor = next < all.Count ? next.ToString(CultureInfo.InvariantCulture) : null };
    }
}
