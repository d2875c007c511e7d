using System.Globalization;

namespace StoriesCli.Contracts;

/// <summary>Puts into words how much of a picture changed.</summary>
public static class ChangedShare
{
    private const double SmallestTold = 0.001;

    /// <summary>Such as <c>3.2 % changed</c>. What changed a little or not quite wholly is never said to be nothing or all.</summary>
    public static string Describe(StoryCompare compare)
    {
        ArgumentNullException.ThrowIfNull(compare);
        return compare.ChangedShare switch
        {
            0 => "nothing changed",
            < SmallestTold => "less than 0.1 % changed",
            1 => "everything changed",
            > 1 - SmallestTold => "more than 99.9 % changed",
            var share => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} % changed"),
        };
    }
}
