using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Screen;

/// <summary>Tones as colours that are readable on dark and light backgrounds; without colours, as text styles.</summary>
internal sealed class Palette(bool colours, bool sixteen = false)
{
    private static readonly Color _none = Color.None;

    // In the order of their numbers.
    private static readonly ColorName16[] _names =
    [
        ColorName16.Black,
        ColorName16.Red,
        ColorName16.Green,
        ColorName16.Yellow,
        ColorName16.Blue,
        ColorName16.Magenta,
        ColorName16.Cyan,
        ColorName16.Gray,
        ColorName16.DarkGray,
        ColorName16.BrightRed,
        ColorName16.BrightGreen,
        ColorName16.BrightYellow,
        ColorName16.BrightBlue,
        ColorName16.BrightMagenta,
        ColorName16.BrightCyan,
        ColorName16.White,
    ];

    // Grounds of cards: dark, and of one brightness, so that the same letters are readable on all of them.
    private static readonly Rgb[] _grounds =
    [
        new(36, 38, 66),
        new(22, 48, 54),
        new(54, 36, 32),
        new(30, 48, 34),
        new(56, 30, 48),
        new(26, 42, 64),
        new(50, 44, 26),
        new(46, 32, 62),
    ];

    /// <summary>Whether cards have a ground of their own.</summary>
    public bool HasGrounds => colours && !sixteen;

    public Scheme Scheme { get; } = new(new Attribute(_none, _none));

    /// <param name="ink">What is drawn with it.</param>
    /// <param name="card">The number of the card that it is on; null: it is on none.</param>
    public Attribute Of(Ink ink, int? card = null)
    {
        var tone = card is { } number && HasGrounds ? OnCard(ink.Tone, _grounds[number % _grounds.Length]) : Of(ink.Tone);
        return new(
            colours && ink.Fore is { } fore ? Convert(fore) : tone.Foreground,
            colours && ink.Back is { } back ? Convert(back) : tone.Background,
            tone.Style | Convert(ink.Style)
        );
    }

    /// <summary>The same for what stands behind a dialog.</summary>
    public Attribute Shade(Attribute attribute) =>
        new(Shade(attribute.Foreground), Shade(attribute.Background), (attribute.Style & ~TextStyle.Bold) | TextStyle.Faint);

    private Color Shade(Color colour) => colour == _none || sixteen ? colour : new(colour.R * 2 / 5, colour.G * 2 / 5, colour.B * 2 / 5);

    private Attribute OnCard(Tone tone, Rgb ground)
    {
        Rgb letters = tone switch
        {
            Tone.Dim => new(160, 160, 165),
            Tone.Accent => new(255, 130, 165),
            Tone.Good => new(95, 205, 135),
            Tone.Bad => new(255, 130, 120),
            _ => new(232, 232, 235),
        };
        return new(Convert(letters), Convert(ground), Of(tone).Style);
    }

    private Attribute Of(Tone tone) =>
        tone switch
        {
            // In sixteen colours, grey looks like white on many screens.
            Tone.Dim => colours && !sixteen ? new(new Color(128, 128, 128), _none) : new(_none, _none, TextStyle.Faint),
            Tone.Strong => new(_none, _none, TextStyle.Bold),
            Tone.Accent => colours ? new(new Color(225, 48, 108), _none) : new(_none, _none, TextStyle.Bold),
            Tone.Good => colours ? new(new Color(38, 160, 90), _none) : new(_none, _none),
            Tone.Bad => colours ? new(new Color(215, 60, 50), _none, TextStyle.Bold) : new(_none, _none, TextStyle.Bold),
            Tone.Chosen => new(_none, _none, TextStyle.Bold | TextStyle.Reverse),
            _ => new(_none, _none),
        };

    private Color Convert(Rgb colour) => sixteen ? new(_names[Colours.Nearest(colour)]) : new(colour.Red, colour.Green, colour.Blue);

    private static TextStyle Convert(InkStyle style) =>
        (style.HasFlag(InkStyle.Bold) ? TextStyle.Bold : 0)
        | (style.HasFlag(InkStyle.Faint) ? TextStyle.Faint : 0)
        | (style.HasFlag(InkStyle.Italic) ? TextStyle.Italic : 0)
        | (style.HasFlag(InkStyle.Underline) ? TextStyle.Underline : 0)
        | (style.HasFlag(InkStyle.Reverse) ? TextStyle.Reverse : 0)
        | (style.HasFlag(InkStyle.Strike) ? TextStyle.Strikethrough : 0);
}
