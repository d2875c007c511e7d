using System.Buffers;

namespace StoriesCli.Contracts;

/// <summary>Form of the link of an invite or access link. The code stands behind <c>#</c>, so that browsers do not send it.</summary>
public static class JoinAddress
{
    /// <summary>Path of the page that the link leads to.</summary>
    public const string Path = "/join";

    private const int SecretCharacters = 49;
    private static readonly string[] Prefixes = ["sti_", "sta_"];

    /// <summary>Finds why a text cannot be the code of an invite or access link. It is not repeated, because it may be a secret.</summary>
    /// <returns>The end of a sentence about the code; null when it can be one.</returns>
    public static string? FindCodeFault(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var prefix = Prefixes.FirstOrDefault(it => code.StartsWith(it, StringComparison.Ordinal));
        var (length, whole) = (code.Length, Prefixes[0].Length + SecretCharacters);
        return prefix is null ? $"begins with {string.Join(" or ", Prefixes)}, and this does not"
            : code.AsSpan(prefix.Length).IndexOfAnyExcept(Letters) is >= 0 and var at
                ? $"has only letters a to z, A to Z and digits behind {prefix}, and character {prefix.Length + at + 1} of this is another"
            : length < whole ? $"has {whole} characters, and this has {length}: it was cut"
            : null;
    }

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>The link with a code.</summary>
    /// <param name="origin">Scheme, host and port of the server, without a slash at the end.</param>
    /// <param name="code">The code.</param>
    public static string Of(string origin, string code) => $"{origin}{Path}#{code}";
}
