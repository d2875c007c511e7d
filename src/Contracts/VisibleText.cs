using System.Globalization;
using System.Text;

namespace StoriesCli.Contracts;

/// <summary>Checks whether a name can be seen. Invisible characters let one person pass for another, or for nobody.</summary>
public static class VisibleText
{
    /// <summary>The text without characters that draw nothing and only control how others are drawn, such as U+200B, U+00AD and tags.
    /// Keeps joiners and variation selectors, because scripts and emoji need them.</summary>
    public static string WithoutInvisible(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.EnumerateRunes().Any(IsDropped))
        {
            return text;
        }
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes().Where(rune => !IsDropped(rune)))
        {
            kept.Append(rune);
        }
        return kept.ToString();
    }

    /// <summary>Whether the text draws anything by itself: a letter, number, sign or emoji. Blanks, fillers and marks alone do not count.</summary>
    public static bool ShowsSomething(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.EnumerateRunes()
            .Any(rune =>
                !IsBlank(rune)
                && Rune.GetUnicodeCategory(rune)
                    is not (
                        UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.Surrogate
                        or UnicodeCategory.PrivateUse
                        or UnicodeCategory.OtherNotAssigned
                        or UnicodeCategory.SpaceSeparator
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                        or UnicodeCategory.NonSpacingMark
                        or UnicodeCategory.EnclosingMark
                        or UnicodeCategory.SpacingCombiningMark
                    )
            );
    }

    /// <summary>Length of the longest run of combining marks.</summary>
    public static int LongestMarkRun(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (longest, run) = (0, 0);
        // Joiners and selectors draw nothing: they neither count nor end a run.
        foreach (var rune in text.EnumerateRunes().Where(rune => !IsJoiner(rune) && !IsSelector(rune)))
        {
            run = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest;
    }

    private static bool IsDropped(Rune rune) =>
        !IsSelector(rune)
        && !IsJoiner(rune)
        && (
            (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format && !IsSign(rune))
            || rune.Value is 0x034f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or 0x3164 or 0xffa0 or (>= 0xe0000 and <= 0xe0fff)
        );

    // Drawn characters of the Unicode category Format: number signs of Arabic, Syriac and Kaithi.
    private static bool IsSign(Rune rune) =>
        rune.Value is (>= 0x0600 and <= 0x0605) or 0x06dd or 0x070f or 0x0890 or 0x0891 or 0x08e2 or 0x110bd or 0x110cd;

    private static bool IsJoiner(Rune rune) => rune.Value is 0x200c or 0x200d;

    private static bool IsSelector(Rune rune) =>
        rune.Value is (>= 0xfe00 and <= 0xfe0f) or (>= 0x180b and <= 0x180f) or (>= 0xe0100 and <= 0xe01ef);

    // Letters and symbols by category that draw nothing.
    private static bool IsBlank(Rune rune) => IsDropped(rune) || rune.Value is 0x2800 or 0x1d159 or (>= 0x1d173 and <= 0x1d17a);
}
