using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>The parameters that every list has.</summary>
internal static class Paging
{
    /// <exception cref="ApiProblem"><c>invalid_request</c> outside 1–200.</exception>
    public static int Limit(HttpRequest request)
    {
        if (!request.Query.TryGetValue("limit", out var text))
        {
            return Limits.PageDefault;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Limits.PageMaximum
            ? limit
            : throw ApiProblem.Invalid("limit", $"must be 1 to {Limits.PageMaximum}, was \"{Excerpt.Of(text)}\"");
    }

    /// <summary>A page of a list that is short enough to be cut out of memory, continued by position.</summary>
    public static Page<T> Cut<T>(HttpRequest request, IReadOnlyList<T> all)
    {
        var limit = Limit(request);
        var start = 0;
        if (
            request.Query.TryGetValue("cursor", out var text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out start) && start <= all.Count)
        )
        {
            throw ApiProblem.Invalid("cursor", "is not one that this list gave");
        }
        var items = all.Skip(start).Take(limit).ToArray();
        var next = start + items.Length;
        return new() { Items = items, NextCursor = next < all.Count ? next.ToString(CultureInfo.InvariantCulture) : null };
    }
}
