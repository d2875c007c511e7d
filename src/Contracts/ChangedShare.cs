using System.Globalization;

namespace StoriesCli.Contracts;

/// <summary>Says in words how much of a picture changed.</summary>
public static class ChangedShare
{
    private const double SmallestTold = 0.001;

    /// <summary>Such as <c>3.2 % changed</c>. Never rounds a small change to nothing, nor an almost complete one to everything.</summary>
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
