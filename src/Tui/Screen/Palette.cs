using StoriesCli.Tui.Terminal;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Screen;

/// <summary>Inks as what a terminal draws: in the colours of a theme, in sixteen of its own, or as text styles alone.</summary>
internal sealed class Palette(ColourDepth depth, Theme? theme = null)
{
    /// <summary>How much of the colour behind a dialog is left.</summary>
    private const double Shaded = 0.6;

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

    public Theme Theme { get; set; } = theme ?? Theme.Neutral;

    /// <summary>Whether cards have a ground of their own.</summary>
    public bool HasGrounds => depth is ColourDepth.Indexed or ColourDepth.True;

    public Scheme Scheme { get; } = new(new Attribute(_none, _none));

    /// <param name="ink">What is drawn with it.</param>
    /// <param name="card">The number of the card that it is on; null: it is on none.</param>
    public Attribute Of(Ink ink, int? card = null)
    {
        Rgb? ground = card is { } number && HasGrounds ? Theme.Cards[number % Theme.Cards.Length] : null;
        var back = ink.Back ?? ground;
        // Colours that the author chose were chosen for another ground.
        var fore = ground is { } own && ink is { Fore: { } given, Back: null } ? Brightness.ReadableOn(given, own) : ink.Fore;
        var text = depth == ColourDepth.Indexed && Theme.IndexedText is { } few ? few : Theme.Text;
        if (fore is null && depth == ColourDepth.Sixteen && ink.Tone != Tone.Dim && text[ink.Tone] is { } tone && Theme.HasOneGround)
        {
            return new(
                new Color(_names[Colours.NearestReadable(tone, Theme.Grounds[0])]),
                Convert(back, Tone.Plain),
                StyleOf(ink.Tone) | Convert(ink.Style)
            );
        }
        fore ??= (ground is null ? text : Theme.OnCard)[ink.Tone];
        return new(Convert(fore, ink.Tone), Convert(back, Tone.Plain), StyleOf(ink.Tone) | Convert(ink.Style));
    }

    /// <summary>The same for what stands behind a dialog.</summary>
    public Attribute Shade(Attribute attribute) =>
        new(Shade(attribute.Foreground), Shade(attribute.Background), (attribute.Style & ~TextStyle.Bold) | TextStyle.Faint);

    private Color Shade(Color colour) =>
        colour == _none || !HasGrounds ? colour : ColorOf(Brightness.Mix(new(colour.R, colour.G, colour.B), Theme.Grounds[0], Shaded));

    private static Color ColorOf(Rgb colour) => new(colour.Red, colour.Green, colour.Blue);

    private Color Convert(Rgb? colour, Tone tone) =>
        (depth, colour) switch
        {
            (ColourDepth.None, _) or (_, null) => _none,
            // Grey looks like white on many screens of sixteen colours.
            (ColourDepth.Sixteen, _) when tone == Tone.Dim && colour == Theme.Text.Dim => _none,
            (ColourDepth.Sixteen, { } some) => new(_names[Colours.Nearest(some)]),
            (_, { } some) => ColorOf(some),
        };

    /// <summary>A colour of a picture.</summary>
    public Color OfPicture(Rgb colour) => Convert(colour, Tone.Plain);

    private TextStyle StyleOf(Tone tone) =>
        tone switch
        {
            Tone.Dim => HasGrounds ? TextStyle.None : TextStyle.Faint,
            Tone.Accent => depth == ColourDepth.None ? TextStyle.Bold : TextStyle.None,
            Tone.Strong or Tone.Bad => TextStyle.Bold,
            Tone.Chosen => TextStyle.Bold | TextStyle.Reverse,
            _ => TextStyle.None,
        };

    private static TextStyle Convert(InkStyle style) =>
        (style.HasFlag(InkStyle.Bold) ? TextStyle.Bold : 0)
        | (style.HasFlag(InkStyle.Faint) ? TextStyle.Faint : 0)
        | (style.HasFlag(InkStyle.Italic) ? TextStyle.Italic : 0)
        | (style.HasFlag(InkStyle.Underline) ? TextStyle.Underline : 0)
        | (style.HasFlag(InkStyle.Reverse) ? TextStyle.Reverse : 0)
        | (style.HasFlag(InkStyle.Strike) ? TextStyle.Strikethrough : 0);
}
