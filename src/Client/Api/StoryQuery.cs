using System.Globalization;

namespace StoriesCli.Client.Api;

/// <summary>Which stories to list; null does not filter.</summary>
public sealed record StoryQuery
{
    /// <summary>Handle of the author.</summary>
    public string? Author { get; init; }

    /// <summary>One of <see cref="Contracts.StoryKinds"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>A tag that the story has.</summary>
    public string? Tag { get; init; }

    /// <summary>A slot of the author.</summary>
    public string? Slot { get; init; }

    /// <summary>Whether to include the slot's replaced stories; needs <see cref="Slot"/>.</summary>
    public bool History { get; init; }

    /// <summary>Only unseen stories.</summary>
    public bool Unseen { get; init; }

    /// <summary>Only stories posted since a time (RFC 3339) or a duration (<c>24h</c>).</summary>
    public string? Since { get; init; }

    /// <summary>Words in caption, text, tags or author.</summary>
    public string? Search { get; init; }

    /// <summary>Stories a page, 1–<see cref="Contracts.Limits.PageMaximum"/> (default: <see cref="Contracts.Limits.PageDefault"/>).</summary>
    public int? Limit { get; init; }

    /// <summary><see cref="Contracts.Page{T}.NextCursor"/> of the previous page.</summary>
    public string? Cursor { get; init; }

    internal string ToPath() =>
        "/v1/stories"
        + QueryText.From([
            ("author", Author),
            ("kind", Kind),
            ("tag", Tag),
            ("slot", Slot),
            ("history", History ? "true" : null),
            ("unseen", Unseen ? "true" : null),
            ("since", Since),
            ("q", Search),
            ("limit", Limit?.ToString(CultureInfo.InvariantCulture)),
            ("cursor", Cursor),
        ]);
}

/// <summary>Writes a query.</summary>
internal static class QueryText
{
    public static string From(IEnumerable<(string Name, string? Value)> fields)
    {
        var given = fields.Where(field => field.Value is not null).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!)}");
        var text = string.Join('&', given);
        return text.Length == 0 ? "" : "?" + text;
    }
}
