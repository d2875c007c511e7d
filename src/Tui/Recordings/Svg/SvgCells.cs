using System.Globalization;
using System.Text;
using static StoriesCli.Tui.Recordings.Svg.SvgShapes;

namespace StoriesCli.Tui.Recordings.Svg;

/// <summary>Draws one row of cells as SVG, its upper left corner at the origin.</summary>
internal sealed class SvgCells(SvgTheme theme)
{
    public const double CellWidth = 8.4,
        CellHeight = 17;
    private const int Baseline = 13;

    private readonly StringBuilder _svg = new();
    private readonly StringBuilder _text = new();

    /// <param name="cells">A wide character is followed by a cell without width.</param>
    /// <param name="cursor">Column of the cursor, which is drawn in reverse; -1 for none.</param>
    public string Draw(ReadOnlySpan<Glyph> cells, int cursor)
    {
        _svg.Clear();
        Span<SvgInk> inks = new SvgInk[cells.Length];
        for (var x = 0; x < cells.Length; x++)
        {
            var ink = cells[x].Ink;
            inks[x] = theme.Resolve(x == cursor ? ink with { Style = ink.Style ^ InkStyle.Reverse } : ink);
        }
        for (var x = 1; x < cells.Length; x++)
        {
            // Both halves of a wide character look the same.
            inks[x] = cells[x].Columns == 0 ? inks[x - 1] : inks[x];
        }
        Grounds(cells, inks);
        for (var x = 0; x < cells.Length; )
        {
            x =
                QuartersOf(cells[x].Rune) is not null ? Blocks(cells, inks, x)
                : IsLine(cells[x].Rune) ? BoxLines(cells, inks, x)
                : IsBlank(cells[x], inks[x]) ? x + 1
                : Letters(cells, inks, x);
        }
        return _svg.ToString();
    }

    public static string Hex(Rgb colour) =>
        (colour.Red % 17, colour.Green % 17, colour.Blue % 17) == (0, 0, 0)
            ? $"#{colour.Red / 17:x}{colour.Green / 17:x}{colour.Blue / 17:x}"
            : $"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}";

    /// <summary>Blocks bring their own.</summary>
    private void Grounds(ReadOnlySpan<Glyph> cells, ReadOnlySpan<SvgInk> inks)
    {
        for (var x = 0; x < inks.Length; )
        {
            var (from, back) = (x, inks[x].Back);
            while (x < inks.Length && inks[x].Back == back && QuartersOf(cells[x].Rune) is null)
            {
                x++;
            }
            if (back is { } colour && x > from)
            {
                Add(
                    $"<rect x=\"{N(from * CellWidth)}\" width=\"{N((x - from) * CellWidth)}\" height=\"{CellHeight}\" fill=\"{Hex(colour)}\"/>"
                );
            }
            x = Math.Max(x, from + 1);
        }
    }

    private int Blocks(ReadOnlySpan<Glyph> cells, ReadOnlySpan<SvgInk> inks, int x)
    {
        var end = x;
        while (end < cells.Length && QuartersOf(cells[end].Rune) is not null)
        {
            end++;
        }
        var width = 2 * (end - x);
        var pixels = new Rgb?[2 * width];
        for (var at = x; at < end; at++)
        {
            var quarters = QuartersOf(cells[at].Rune)!;
            for (var i = 0; i < 4; i++)
            {
                pixels[i / 2 * width + 2 * (at - x) + i % 2] = quarters[i] == '1' ? inks[at].Fore : inks[at].Back;
            }
        }
        if (OneColumnEach(pixels, width) is { } narrower)
        {
            (pixels, width) = (narrower, width / 2);
        }
        Add(
            $"<image x=\"{N(x * CellWidth)}\" width=\"{N((end - x) * CellWidth)}\" height=\"{CellHeight}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{Convert.ToBase64String(PixelPng.Encode(pixels, width))}\"/>"
        );
        return end;
    }

    /// <summary>Half blocks need only one pixel a column; null if there are others.</summary>
    private static Rgb?[]? OneColumnEach(Rgb?[] pixels, int width)
    {
        var half = new Rgb?[pixels.Length / 2];
        for (var i = 0; i < half.Length; i++)
        {
            if (pixels[2 * i] != pixels[2 * i + 1])
            {
                return null;
            }
            half[i] = pixels[2 * i];
        }
        return width > 0 ? half : null;
    }

    private int BoxLines(ReadOnlySpan<Glyph> cells, ReadOnlySpan<SvgInk> inks, int x)
    {
        var (light, heavy, ink) = (new StringBuilder(), new StringBuilder(), inks[x]);
        for (; x < cells.Length && IsLine(cells[x].Rune) && Looks(inks[x], ink); x++)
        {
            if (cells[x].Rune is '─' or '━')
            {
                // A long rule is one line.
                var (rune, from) = (cells[x].Rune, x);
                while (x + 1 < cells.Length && cells[x + 1].Rune == rune && Looks(inks[x + 1], ink))
                {
                    x++;
                }
                (rune == '─' ? light : heavy).Append(
                    CultureInfo.InvariantCulture,
                    $"M{N(from * CellWidth)} {N(CellHeight / 2)}H{N((x + 1) * CellWidth)}"
                );
                continue;
            }
            var path = PathOf(cells[x].Rune, x * CellWidth, CellWidth, CellHeight);
            light.Append(path.Light);
            heavy.Append(path.Heavy);
        }
        foreach (var (path, width) in new[] { (light, 1), (heavy, 3) })
        {
            if (path.Length > 0)
            {
                var faint = ink.Style.HasFlag(InkStyle.Faint) ? " opacity=\".6\"" : "";
                Add($"<path d=\"{path}\" fill=\"none\" stroke=\"{Hex(ink.Fore)}\" stroke-width=\"{width}\"{faint}/>");
            }
        }
        return x;
    }

    private static bool Looks(SvgInk one, SvgInk other) => one.Fore == other.Fore && one.Style == other.Style;

    private static bool IsBlank(Glyph cell, SvgInk ink) => cell.Columns == 0 || (cell.Rune is ' ' or 0 && !IsRuled(ink));

    private static bool IsRuled(SvgInk ink) => (ink.Style & (InkStyle.Underline | InkStyle.Strike)) != 0;

    /// <summary>A piece of text of one look. Its width is written down, so that no font moves what follows.</summary>
    private int Letters(ReadOnlySpan<Glyph> cells, ReadOnlySpan<SvgInk> inks, int x)
    {
        var (from, ink, columns) = (x, inks[x], cells[x].Columns);
        _text.Clear();
        while (
            x < cells.Length
            && cells[x].Columns == columns
            && Looks(inks[x], ink)
            && !IsLine(cells[x].Rune)
            && QuartersOf(cells[x].Rune) is null
            && !(IsBlank(cells[x], ink) && (x + 1 >= cells.Length || IsBlank(cells[x + 1], inks[x + 1])))
        )
        {
            cells[x].AppendTo(_text);
            x += columns;
        }
        var text = _text.ToString();
        var blanks = IsRuled(ink) ? 0 : text.Length - text.TrimEnd(' ').Length;
        text = text[..^blanks];
        var width = x - from - blanks;
        var length = width > 1 ? $" textLength=\"{N(width * CellWidth)}\"" : "";
        Add($"<text x=\"{N(from * CellWidth)}\" y=\"{Baseline}\"{Classes(ink)}{length}>{Escape(text)}</text>");
        return x;
    }

    private string Classes(SvgInk ink)
    {
        var names = string.Join(
            ' ',
            new[]
            {
                (InkStyle.Bold, "b"),
                (InkStyle.Faint, "f"),
                (InkStyle.Italic, "i"),
                (InkStyle.Underline, ink.Style.HasFlag(InkStyle.Strike) ? "us" : "u"),
                (InkStyle.Strike, "s"),
            }
                .Where(one => ink.Style.HasFlag(one.Item1))
                .Select(one => one.Item2)
        );
        return (names.Length > 0 ? $" class=\"{names}\"" : "") + (ink.Fore == theme.Letters ? "" : $" fill=\"{Hex(ink.Fore)}\"");
    }

    /// <summary>Text for XML. Characters that XML forbids become replacement characters; control characters never reach a cell.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        // Half a surrogate pair becomes a replacement character by itself.
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                < ' ' or 0xfffe or 0xffff => escaped.Append('\ufffd'),
                _ => escaped.Append(rune),
            };
        }
        return escaped.ToString();
    }

    private void Add(FormattableString svg) => _svg.Append(svg.ToString(CultureInfo.InvariantCulture));
}
