using System.Globalization;
using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.Screen;

/// <summary>Reads the SGR colours of a text card. All other sequences were removed before.</summary>
internal static class Colours
{
    private static readonly Rgb[] _sixteen =
    [
        new(0, 0, 0),
        new(205, 49, 49),
        new(13, 188, 121),
        new(200, 200, 16),
        new(36, 114, 200),
        new(188, 63, 188),
        new(17, 168, 205),
        new(204, 204, 204),
        new(118, 118, 118),
        new(241, 76, 76),
        new(35, 209, 139),
        new(245, 245, 67),
        new(59, 142, 234),
        new(214, 112, 214),
        new(41, 184, 219),
        new(255, 255, 255),
    ];

    // By five bits of red, green and blue.
    private static readonly byte[] _nearest = new byte[1 << 15];

    /// <summary>The nearest of the sixteen.</summary>
    public static int Nearest(Rgb colour) => Array.IndexOf(_sixteen, _sixteen.MinBy(one => Distance(one, colour)));

    /// <summary>The nearest of the 256. The first sixteen are left out: viewers choose how they look.</summary>
    public static int NearestIndexed(Rgb colour)
    {
        // Zero: not computed yet. Two threads that compute the same entry get the same result.
        ref var known = ref _nearest[colour.Red >> 3 << 10 | colour.Green >> 3 << 5 | colour.Blue >> 3];
        return known != 0 ? known : known = (byte)Enumerable.Range(16, 240).MinBy(n => Difference(Indexed(n)!.Value, colour));
    }

    /// <summary>Compares brightness and hue: by red, green and blue alone, dark pictures would become grey.</summary>
    private static double Difference(Rgb one, Rgb other)
    {
        var brightness = Brightness(one) - Brightness(other);
        var blue = one.Blue - other.Blue - brightness;
        var red = one.Red - other.Red - brightness;
        return 2 * brightness * brightness + blue * blue + red * red;
    }

    private static double Brightness(Rgb colour) => 0.299 * colour.Red + 0.587 * colour.Green + 0.114 * colour.Blue;

    private static int Distance(Rgb one, Rgb other) =>
        Square(one.Red - other.Red) + Square(one.Green - other.Green) + Square(one.Blue - other.Blue);

    private static int Square(int n) => n * n;

    public static IEnumerable<Run> Parse(string card)
    {
        var text = CleanText.KeepColours(card);
        Ink ink = Tone.Plain;
        var run = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\e')
            {
                run.Append(text[i]);
                continue;
            }
            if (run.Length > 0)
            {
                yield return new(run.ToString(), ink);
                run.Clear();
            }
            var end = text.IndexOf('m', i);
            ink = Apply(ink, text[(i + 2)..end]);
            i = end;
        }
        if (run.Length > 0)
        {
            yield return new(run.ToString(), ink);
        }
    }

    /// <summary>The ink after an SGR sequence, given its parameters.</summary>
    public static Ink Apply(Ink ink, string parameters) =>
        Apply(
            ink,
            new Queue<int>(
                parameters.Split(';', ':').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
            )
        );

    /// <summary>The ink after the codes of one SGR sequence. Consumes the codes.</summary>
    public static Ink Apply(Ink ink, Queue<int> codes)
    {
        while (codes.TryDequeue(out var code))
        {
            ink = code switch
            {
                0 => Tone.Plain,
                1 => ink with { Style = ink.Style | InkStyle.Bold },
                2 => ink with { Style = ink.Style | InkStyle.Faint },
                3 => ink with { Style = ink.Style | InkStyle.Italic },
                4 => ink with { Style = ink.Style | InkStyle.Underline },
                7 => ink with { Style = ink.Style | InkStyle.Reverse },
                9 => ink with { Style = ink.Style | InkStyle.Strike },
                22 => ink with { Style = ink.Style & ~(InkStyle.Bold | InkStyle.Faint) },
                23 => ink with { Style = ink.Style & ~InkStyle.Italic },
                24 => ink with { Style = ink.Style & ~InkStyle.Underline },
                27 => ink with { Style = ink.Style & ~InkStyle.Reverse },
                29 => ink with { Style = ink.Style & ~InkStyle.Strike },
                >= 30 and <= 37 => ink with { Fore = _sixteen[code - 30] },
                38 => ink with { Fore = Extended(codes) ?? ink.Fore },
                39 => ink with { Fore = null },
                >= 40 and <= 47 => ink with { Back = _sixteen[code - 40] },
                48 => ink with { Back = Extended(codes) ?? ink.Back },
                49 => ink with { Back = null },
                >= 90 and <= 97 => ink with { Fore = _sixteen[code - 90 + 8] },
                >= 100 and <= 107 => ink with { Back = _sixteen[code - 100 + 8] },
                _ => ink,
            };
        }
        return ink;
    }

    /// <summary><c>5;n</c> of 256 colours, or <c>2;r;g;b</c>.</summary>
    private static Rgb? Extended(Queue<int> codes)
    {
        if (!codes.TryDequeue(out var form))
        {
            return null;
        }
        if (form == 5 && codes.TryDequeue(out var n))
        {
            return Indexed(n);
        }
        return form == 2 && codes.TryDequeue(out var r) && codes.TryDequeue(out var g) && codes.TryDequeue(out var b)
            ? new(Byte(r), Byte(g), Byte(b))
            : null;
    }

    private static Rgb? Indexed(int n) =>
        n switch
        {
            < 16 => _sixteen[n],
            < 232 => new(Cube((n - 16) / 36), Cube((n - 16) / 6 % 6), Cube((n - 16) % 6)),
            < 256 => new(Byte(8 + (n - 232) * 10), Byte(8 + (n - 232) * 10), Byte(8 + (n - 232) * 10)),
            _ => null,
        };

    private static byte Cube(int level) => Byte(level == 0 ? 0 : 55 + level * 40);

    private static byte Byte(int value) => (byte)Math.Min(255, value);
}
