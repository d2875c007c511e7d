using System.Text;

namespace StoriesCli.Emulation;

/// <summary>DEC's drawing set: lines and signs in place of letters.</summary>
internal static class DecDrawing
{
    private const string From95To126 = " ◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

    public static Rune Of(Rune rune) => rune.Value is >= 95 and <= 126 ? new(From95To126[rune.Value - 95]) : rune;
}
