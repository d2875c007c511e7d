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

    public Scheme Scheme { get; } = new(new Attribute(_none, _none));

    public Attribute Of(Ink ink)
    {
        var tone = Of(ink.Tone);
        return new(
            colours && ink.Fore is { } fore ? Convert(fore) : tone.Foreground,
            colours && ink.Back is { } back ? Convert(back) : tone.Background,
            tone.Style | Convert(ink.Style)
        );
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
