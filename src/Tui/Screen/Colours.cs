using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.Screen;

/// <summary>Reads the SGR colours of a text card. All other sequences were removed before.</summary>
internal static class Colours
{
    // By five bits of red, green and blue.
    private static readonly byte[] _nearest = new byte[1 << 15],
        _nearestOfSixteen = new byte[1 << 15];

    // Dithering counts on it that a colour which the terminal has is shown as itself.
    private static readonly FrozenDictionary<Rgb, int> _indexed = Enumerable
            .Range(16, 240)
            .DistinctBy(n => Sgr.Indexed(n)!.Value)
            .ToFrozenDictionary(n => Sgr.Indexed(n)!.Value),
        _sixteen = Enumerable.Range(0, 16).ToFrozenDictionary(n => Sgr.Sixteen[n]);

    /// <summary>The nearest of the sixteen.</summary>
    public static int Nearest(Rgb colour)
    {
        if (_sixteen.TryGetValue(colour, out var number))
        {
            return number;
        }
        // One more than the number; zero as below.
        ref var known = ref _nearestOfSixteen[Bin(colour)];
        return known != 0
            ? known - 1
            : (known = (byte)(1 + Array.IndexOf(Sgr.Sixteen, Sgr.Sixteen.MinBy(one => Distance(one, colour))))) - 1;
    }

    /// <summary>The nearest of the sixteen that can be read on a ground, if there is one.</summary>
    public static int NearestReadable(Rgb colour, Rgb ground) =>
        Enumerable
            .Range(0, Sgr.Sixteen.Length)
            .Where(n => Screen.Brightness.Contrast(Sgr.Sixteen[n], ground) >= Screen.Brightness.Readable)
            .DefaultIfEmpty(Nearest(colour))
            .MinBy(n => Distance(Sgr.Sixteen[n], colour));

    private static int Bin(Rgb colour) => colour.Red >> 3 << 10 | colour.Green >> 3 << 5 | colour.Blue >> 3;

    /// <summary>The nearest of the 256. The first sixteen are left out: viewers choose how they look.</summary>
    public static int NearestIndexed(Rgb colour)
    {
        if (_indexed.TryGetValue(colour, out var number))
        {
            return number;
        }
        // Zero: not computed yet. Two threads that compute the same entry get the same result.
        ref var known = ref _nearest[Bin(colour)];
        return known != 0 ? known : known = (byte)Enumerable.Range(16, 240).MinBy(n => Difference(Sgr.Indexed(n)!.Value, colour));
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
        Sgr.Apply(
            ink,
            new Queue<int>(
                parameters.Split(';', ':').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
            )
        );
}
