namespace StoriesCli.Emulation;

/// <summary>SGR: what its codes do to an ink, and the colours that they stand for.</summary>
internal static class Sgr
{
    /// <summary>The first sixteen of the 256 colours.</summary>
    public static readonly Rgb[] Sixteen =
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

    /// <summary>The code of each style.</summary>
    public static readonly IReadOnlyList<(InkStyle Style, int Code)> Styles =
    [
        (InkStyle.Bold, 1),
        (InkStyle.Faint, 2),
        (InkStyle.Italic, 3),
        (InkStyle.Underline, 4),
        (InkStyle.Reverse, 7),
        (InkStyle.Strike, 9),
    ];

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
                >= 30 and <= 37 => ink with { Fore = Sixteen[code - 30] },
                38 => ink with { Fore = Extended(codes) ?? ink.Fore },
                39 => ink with { Fore = null },
                >= 40 and <= 47 => ink with { Back = Sixteen[code - 40] },
                48 => ink with { Back = Extended(codes) ?? ink.Back },
                49 => ink with { Back = null },
                >= 90 and <= 97 => ink with { Fore = Sixteen[code - 90 + 8] },
                >= 100 and <= 107 => ink with { Back = Sixteen[code - 100 + 8] },
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

    /// <summary>One of the 256 colours; null beyond them.</summary>
    public static Rgb? Indexed(int n) =>
        n switch
        {
            < 16 => Sixteen[n],
            < 232 => new(Cube((n - 16) / 36), Cube((n - 16) / 6 % 6), Cube((n - 16) % 6)),
            < 256 => new(Byte(8 + (n - 232) * 10), Byte(8 + (n - 232) * 10), Byte(8 + (n - 232) * 10)),
            _ => null,
        };

    private static byte Cube(int level) => Byte(level == 0 ? 0 : 55 + level * 40);

    private static byte Byte(int value) => (byte)Math.Min(255, value);
}
