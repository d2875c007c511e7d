using System.Drawing;
using StoriesCli.Tui.Images;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;
using Color = Terminal.Gui.Drawing.Color;

namespace StoriesCli.Tui.Terminal;

/// <summary>The one place on the screen for a picture in the terminal's own graphics.</summary>
internal sealed class RasterArea
{
    private Raster? _named;

    /// <summary>It has to be drawn again.</summary>
    public event Action? Changed;

    /// <summary>An empty cell that belongs to the picture. Nobody sees the colour of a letter that is not there.</summary>
    public static Attribute Mark { get; } = new(new Color(1, 2, 3), Color.None);

    /// <summary>The picture to show; null: none.</summary>
    public Raster? Raster { get; set; }

    /// <summary>Its upper left cell.</summary>
    public Point At { get; set; }

    /// <summary>The number that its placeholders have, once they are drawn.</summary>
    public int Id { get; private set; }

    /// <summary>Whether the picture of placeholders did not reach the terminal: blocks stand for it.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether no other picture is tried either.</summary>
    public bool IsGivenUp { get; private set; }

    public static bool IsMark(Cell cell) => cell.Grapheme == " " && cell.Attribute == Mark;

    /// <summary>The number for a picture of placeholders. Each other picture gets another one.</summary>
    public int NameOf(Raster raster)
    {
        if (!ReferenceEquals(raster, _named))
        {
            (_named, IsLost) = (raster, IsGivenUp);
            Id = KittyPlaceholders.NextId();
        }
        return Id;
    }

    /// <summary>The picture is sent again with another number: cells whose colour is not written anew would stay empty.</summary>
    public void SendAgain()
    {
        (_named, IsLost, IsGivenUp) = (null, false, false);
        Changed?.Invoke();
    }

    /// <param name="giveUp">Whether to try no other picture either, until <see cref="SendAgain"/>.</param>
    public void Lose(bool giveUp)
    {
        (IsLost, IsGivenUp) = (true, giveUp);
        Changed?.Invoke();
    }
}
