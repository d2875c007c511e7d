using System.Globalization;
using System.Text;
using StoriesCli.Tui.Screen;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.Text;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Terminal;

/// <summary>Cells for a terminal of 256 colours. Terminal.Gui knows sixteen or true colours, and what a terminal makes of those that it does not know is anything.</summary>
internal static class IndexedOutput
{
    /// <summary>What sends the cells that have to be sent, after which none has to.</summary>
    public static string Take(IOutputBuffer buffer)
    {
        var output = new StringBuilder();
        Attribute? pen = null;
        for (var row = 0; row < buffer.Rows; row++)
        {
            if (buffer.DirtyLines[row])
            {
                buffer.DirtyLines[row] = false;
                TakeRow(output, buffer, row, ref pen);
            }
        }
        return pen is null ? "" : output.Append("\e[0m").ToString();
    }

    private static void TakeRow(StringBuilder output, IOutputBuffer buffer, int row, ref Attribute? pen)
    {
        // The known place of the terminal's cursor: behind the cell that was sent last.
        var at = -1;
        for (var column = 0; column < buffer.Cols; column++)
        {
            ref var cell = ref buffer.Contents![row, column];
            if (!cell.IsDirty)
            {
                continue;
            }
            cell.IsDirty = false;
            if (at != column)
            {
                output.Append(CultureInfo.InvariantCulture, $"\e[{row + 1};{column + 1}H");
            }
            if (cell.Attribute is { } wanted && wanted != pen)
            {
                output.Append(Sgr(wanted));
                pen = wanted;
            }
            output.Append(cell.Grapheme);
            // Terminals differ in how wide they find a cluster.
            at = FrameDiff.IsOneCell(cell.Grapheme) ? column + 1 : -1;
            if (cell.Grapheme.GetColumns() > 1 && column + 1 < buffer.Cols)
            {
                buffer.Contents[row, ++column].IsDirty = false;
                at = -1;
            }
        }
    }

    private static string Sgr(Attribute attribute)
    {
        var codes = new StringBuilder("\e[0");
        foreach (
            var (style, code) in (ReadOnlySpan<(TextStyle, int)>)
                [
                    (TextStyle.Bold, 1),
                    (TextStyle.Faint, 2),
                    (TextStyle.Italic, 3),
                    (TextStyle.Underline, 4),
                    (TextStyle.Reverse, 7),
                    (TextStyle.Strikethrough, 9),
                ]
        )
        {
            if (attribute.Style.HasFlag(style))
            {
                codes.Append(CultureInfo.InvariantCulture, $";{code}");
            }
        }
        return codes.Append(Colour(38, attribute.Foreground)).Append(Colour(48, attribute.Background)).Append('m').ToString();
    }

    private static string Colour(int what, Color colour) =>
        colour == Color.None
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $";{what};5;{Colours.NearestIndexed(new(colour.R, colour.G, colour.B))}");
}
