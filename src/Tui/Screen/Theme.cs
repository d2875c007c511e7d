using System.Collections.Immutable;

namespace StoriesCli.Tui.Screen;

/// <summary>The colours of the screen as data. Letters stand out from their ground by 4.5 : 1 at least; a test computes it.</summary>
/// <param name="Name">As in the settings.</param>
/// <param name="Grounds">Grounds of terminals that it is made for. It draws none of its own, except for cards.</param>
/// <param name="Text">Letters of each tone on the terminal's ground.</param>
/// <param name="OnCard">Letters of each tone on a card.</param>
/// <param name="Cards">The grounds of cards: alike in brightness, so that the same letters can be read on all of them.</param>
internal sealed record Theme(string Name, ImmutableArray<Rgb> Grounds, Inks Text, Inks OnCard, ImmutableArray<Rgb> Cards)
{
    private static readonly Rgb _black = new(0, 0, 0),
        _white = new(255, 255, 255);

    private static readonly ImmutableArray<Rgb> _darkCards =
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

    private static readonly Inks _onDarkCard = new(
        Plain: new(232, 232, 235),
        Dim: new(165, 165, 170),
        Accent: new(255, 130, 165),
        Good: new(95, 205, 135),
        Bad: new(255, 130, 120)
    );

    /// <summary>For a terminal that does not say what its ground is: colours in the middle, which stand out from black and from white.</summary>
    public static Theme Neutral { get; } =
        new(
            "neutral",
            [_black, _white],
            new(Plain: null, Dim: new(118, 118, 118), Accent: new(220, 45, 105), Good: new(24, 134, 72), Bad: new(222, 48, 40)),
            _onDarkCard,
            _darkCards
        )
        {
            // Only eight of the 256 colours stand out from both grounds by 4.5 : 1.
            IndexedText = new(Plain: null, Dim: new(118, 118, 118), Accent: new(215, 0, 175), Good: new(0, 135, 95), Bad: new(175, 95, 95)),
        };

    public static Theme Dark { get; } =
        new(
            "dark",
            [_black, new(30, 30, 30), new(40, 42, 54), new(0, 43, 54)],
            new(Plain: null, Dim: new(150, 150, 155), Accent: new(255, 105, 150), Good: new(70, 190, 115), Bad: new(255, 115, 105)),
            _onDarkCard,
            _darkCards
        );

    public static Theme Light { get; } =
        new(
            "light",
            [_white, new(250, 250, 250), new(253, 246, 227), new(239, 241, 245)],
            new(Plain: null, Dim: new(95, 95, 100), Accent: new(180, 15, 75), Good: new(0, 105, 50), Bad: new(175, 25, 15)),
            new(Plain: new(25, 25, 30), Dim: new(80, 80, 88), Accent: new(160, 10, 65), Good: new(0, 90, 45), Bad: new(155, 20, 10)),
            [
                new(226, 228, 250),
                new(214, 238, 240),
                new(250, 226, 218),
                new(220, 242, 222),
                new(250, 222, 238),
                new(216, 230, 250),
                new(246, 238, 206),
                new(236, 224, 250),
            ]
        );

    /// <summary>Letters stand out by 7 : 1.</summary>
    public static Theme Contrast { get; } =
        new(
            "contrast",
            [_black, new(30, 30, 30)],
            new(Plain: null, Dim: new(200, 200, 200), Accent: new(255, 200, 40), Good: new(110, 240, 150), Bad: new(255, 165, 155)),
            new(Plain: _white, Dim: new(215, 215, 215), Accent: new(255, 210, 80), Good: new(130, 245, 165), Bad: new(255, 180, 170)),
            [_black]
        );

    public static Theme ContrastLight { get; } =
        new(
            "contrast",
            [_white, new(250, 250, 250)],
            new(Plain: null, Dim: new(70, 70, 70), Accent: new(120, 0, 60), Good: new(0, 75, 30), Bad: new(135, 0, 0)),
            new(Plain: _black, Dim: new(60, 60, 60), Accent: new(120, 0, 60), Good: new(0, 75, 30), Bad: new(135, 0, 0)),
            [_white]
        );

    /// <summary>The same where there are no more than 256 colours; null: the nearest of them will do.</summary>
    public Inks? IndexedText { get; private init; }

    /// <summary>Made for dark terminals, or for light ones.</summary>
    public bool HasOneGround => Name != Neutral.Name;

    public bool IsLight => Brightness.Of(Grounds[0]) > 0.5;

    /// <param name="choice">What the viewer set.</param>
    /// <param name="ground">The ground that the terminal says it has; null where it does not.</param>
    public static Theme For(ThemeChoice choice, Rgb? ground)
    {
        var isLight = ground is { } known && Brightness.Of(known) > 0.18;
        return choice switch
        {
            ThemeChoice.Dark => Dark,
            ThemeChoice.Light => Light,
            ThemeChoice.Contrast => isLight ? ContrastLight : Contrast,
            _ when ground is null => Neutral,
            _ => isLight ? Light : Dark,
        };
    }
}

/// <summary>A colour for each tone; null is the terminal's own.</summary>
internal sealed record Inks(Rgb? Plain, Rgb Dim, Rgb Accent, Rgb Good, Rgb Bad)
{
    public Rgb? this[Tone tone] =>
        tone switch
        {
            Tone.Dim => Dim,
            Tone.Accent => Accent,
            Tone.Good => Good,
            Tone.Bad => Bad,
            _ => Plain,
        };
}

/// <summary>How bright colours are, and how far they stand out from each other, as WCAG 2.2 computes it.</summary>
internal static class Brightness
{
    public const double Readable = 4.5;

    /// <summary>From 0 for black to 1 for white.</summary>
    public static double Of(Rgb colour) => 0.2126 * Linear(colour.Red) + 0.7152 * Linear(colour.Green) + 0.0722 * Linear(colour.Blue);

    /// <summary>From 1 for the same brightness to 21 for black and white.</summary>
    public static double Contrast(Rgb one, Rgb other)
    {
        var (a, b) = (Of(one), Of(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    /// <summary>The colour, made lighter or darker until it can be read on a ground.</summary>
    public static Rgb ReadableOn(Rgb colour, Rgb ground)
    {
        const int Steps = 10;
        Rgb end = Of(ground) > 0.18 ? new(0, 0, 0) : new(255, 255, 255);
        for (var step = 0; step < Steps; step++)
        {
            var mixed = Mix(colour, end, (double)step / Steps);
            if (Contrast(mixed, ground) >= Readable)
            {
                return mixed;
            }
        }
        return end;
    }

    /// <param name="one">The colour at 0.</param>
    /// <param name="other">The colour at 1.</param>
    /// <param name="share">How much there is of the other, 0–1.</param>
    public static Rgb Mix(Rgb one, Rgb other, double share) =>
        new(Mix(one.Red, other.Red, share), Mix(one.Green, other.Green, share), Mix(one.Blue, other.Blue, share));

    private static byte Mix(byte one, byte other, double share) => (byte)Math.Round(one + (other - one) * share);

    private static double Linear(byte part) =>
        part / 255.0 is var share && share <= 0.04045 ? share / 12.92 : Math.Pow((part / 255.0 + 0.055) / 1.055, 2.4);
}
