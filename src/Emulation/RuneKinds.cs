using System.Globalization;
using System.Text;

namespace StoriesCli.Emulation;

/// <summary>Characters that take no cell of their own.</summary>
internal static class RuneKinds
{
    public static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    /// <summary>Removed: terminals disagree about it, or obey it.</summary>
    public static bool IsDropped(Rune rune) =>
        rune.Value
            is (>= 0xFE00 and <= 0xFE0F)
                or (>= 0xE0100 and <= 0xE01EF) // variation selectors
                or (>= 0x1F3FB and <= 0x1F3FF) // skin tones
        || (
            rune.Value is not ('\n' or '\t')
            && Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.Surrogate
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
        );
}
