namespace StoriesCli.Server.Http;

/// <summary>The part of a refused value that an error message repeats: enough to find it, and never all of something long.</summary>
internal static class Excerpt
{
    private const int Characters = 80;

    /// <summary>The beginning, at most 80 characters, and a mark where there is more; never half a character.</summary>
    public static string Of(string? text) =>
        text is null ? "nothing"
        : text.Length <= Characters ? text
        : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Characters - 1]) ? Characters - 1 : Characters), "…");
}
