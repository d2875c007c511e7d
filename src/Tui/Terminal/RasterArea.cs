using System.Drawing;
using StoriesCli.Tui.Images;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;
using Color = Terminal.Gui.Drawing.Color;

namespace StoriesCli.Tui.Terminal;

/// <summary>The one place on the screen for a picture in the terminal's own graphics.</summary>
internal sealed class RasterArea
{
    /// <summary>An empty cell that belongs to the picture. Nobody sees the colour of a letter that is not there.</summary>
    public static Attribute Mark { get; } = new(new Color(1, 2, 3), Color.None);

    /// <summary>The picture to show; null: none.</summary>
    public Raster? Raster { get; set; }

    /// <summary>Its upper left cell.</summary>
    public Point At { get; set; }

    public static bool IsMark(Cell cell) => cell.Grapheme == " " && cell.Attribute == Mark;
}
