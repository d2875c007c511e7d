using System.Globalization;

namespace StoriesCli.Tui.Recordings.Svg;

/// <summary>Characters that are drawn, because fonts leave gaps between them: lines of boxes, and blocks.</summary>
internal static class SvgShapes
{
    // Each: left, up, right, down; 1 is a light line, 2 a heavy one.
    private const string Lines =
        "─1010━2020│0101┃0202┌0011┏0022┐1001┓2002└0110┗0220┘1100┛2200├0111┣0222┤1101┫2202┬1011┳2022┴1110┻2220┼1111╋2222"
        + "╭0011╮1001╯1100╰0110╴1000╵0100╶0010╷0001╸2000╹0200╺0020╻0002╼1020╾2010╽0102╿0201";

    /// <summary>Which quarters are filled: upper left, upper right, lower left, lower right.</summary>
    private const string Quarters = "▀1100▄0011█1111▌1010▐0101▖0010▗0001▘1000▝0100▙1011▚1001▛1110▜1101▞0110▟0111";

    private static readonly Dictionary<int, string> _lines = Table(Lines),
        _quarters = Table(Quarters);

    public static string? QuartersOf(int rune) => _quarters.GetValueOrDefault(rune);

    public static bool IsLine(int rune) => _lines.ContainsKey(rune);

    /// <summary>The path of a line's character in the cell at <paramref name="x"/>: two widths, light before heavy.</summary>
    public static (string Light, string Heavy) PathOf(int rune, double x, double width, double height)
    {
        var (middle, centre) = (x + width / 2, height / 2);
        if (RoundOf(rune) is { } round)
        {
            // From one end over the corner to the other, bent within half a column.
            var (endX, endY) = (round.Right ? x + width : x, round.Down ? height : 0);
            var bend = centre + (round.Down ? 1 : -1) * width / 2;
            return ($"M{N(middle)} {N(endY)}V{N(bend)}Q{N(middle)} {N(centre)} {N(endX)} {N(centre)}", "");
        }
        var arms = _lines[rune];
        return (Arms('1'), Arms('2'));

        string Arms(char weight) =>
            (arms[0] == weight ? $"M{N(x)} {N(centre)}H{N(middle)}" : "")
            + (arms[2] == weight ? $"M{N(middle)} {N(centre)}H{N(x + width)}" : "")
            + (arms[1] == weight ? $"M{N(middle)} 0V{N(centre)}" : "")
            + (arms[3] == weight ? $"M{N(middle)} {N(centre)}V{N(height)}" : "");
    }

    /// <summary>A number without needless digits.</summary>
    public static string N(double number) => Math.Round(number, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private static (bool Right, bool Down)? RoundOf(int rune) =>
        rune switch
        {
            '╭' => (true, true),
            '╮' => (false, true),
            '╯' => (false, false),
            '╰' => (true, false),
            _ => null,
        };

    private static Dictionary<int, string> Table(string text) =>
        text.Chunk(5).ToDictionary(one => (int)one[0], one => new string(one, 1, 4));
}
