using System.Globalization;

namespace StoriesCli.Contracts;

/// <summary>Counts of things, for use in a sentence.</summary>
public static class Counted
{
    /// <summary>Such as <c>1 story</c> and <c>1,200 stories</c>.</summary>
    /// <param name="number">How many.</param>
    /// <param name="one">The word for one.</param>
    /// <param name="many">The word for several (default: <paramref name="one"/> with an s).</param>
    public static string Of(long number, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {Noun(number, one, many)}");

    /// <summary>The word alone, for where the number is not next to it.</summary>
    /// <inheritdoc cref="Of"/>
    public static string Noun(long number, string one, string? many = null) => number == 1 ? one : many ?? one + "s";

    /// <summary>Such as <c>1 story</c> and <c>2 stories</c>.</summary>
    /// <param name="number">How many.</param>
    public static string Stories(long number) => Of(number, "story", "stories");
}
