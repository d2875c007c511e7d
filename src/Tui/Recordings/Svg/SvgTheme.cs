namespace StoriesCli.Tui.Recordings.Svg;

/// <summary>An ink as colours: nothing of it depends on the ground that it is drawn on.</summary>
internal readonly record struct SvgInk(Rgb Fore, Rgb? Back, InkStyle Style);

/// <summary>The ground of a picture, and the letters that are readable on it.</summary>
internal sealed class SvgTheme
{
    // The colours of a recorded terminal were chosen on a dark ground. These take the place of those that fade on a light one.
    private static readonly Dictionary<Rgb, Rgb> _onLight = new()
    {
        [new(13, 188, 121)] = new(10, 125, 75),
        [new(200, 200, 16)] = new(140, 110, 0),
        [new(17, 168, 205)] = new(10, 115, 140),
        [new(204, 204, 204)] = new(85, 85, 85),
        [new(35, 209, 139)] = new(15, 140, 90),
        [new(245, 245, 67)] = new(150, 120, 0),
        [new(41, 184, 219)] = new(10, 125, 155),
        [new(255, 255, 255)] = new(36, 36, 36),
    };

    private readonly bool _isLight;

    private SvgTheme(bool isLight, Rgb ground, Rgb letters) => (_isLight, Ground, Letters) = (isLight, ground, letters);

    public Rgb Ground { get; }

    public Rgb Letters { get; }

    public static SvgTheme Of(bool isLight) =>
        isLight ? new(true, new(250, 250, 250), new(36, 36, 36)) : new(false, new(18, 18, 18), new(204, 204, 204));

    public SvgInk Resolve(Ink ink)
    {
        var (colour, style) = ink.Tone switch
        {
            Tone.Dim => (Letters, InkStyle.Faint),
            Tone.Strong => (Letters, InkStyle.Bold),
            Tone.Accent => (new(225, 48, 108), InkStyle.None),
            Tone.Good => (new(38, 160, 90), InkStyle.None),
            Tone.Bad => (new(215, 60, 50), InkStyle.Bold),
            Tone.Chosen => (Letters, InkStyle.Bold | InkStyle.Reverse),
            _ => (Letters, InkStyle.None),
        };
        style |= ink.Style;
        // On a ground of its own, a colour is as readable as it was.
        var fore =
            ink.Fore is not { } given ? colour
            : _isLight && ink.Back is null && _onLight.TryGetValue(given, out var darker) ? darker
            : given;
        return style.HasFlag(InkStyle.Reverse) ? new(ink.Back ?? Ground, fore, style & ~InkStyle.Reverse) : new(fore, ink.Back, style);
    }
}
