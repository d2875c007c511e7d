using System.Globalization;
using System.Text;
using StoriesCli.Contracts;
using static StoriesCli.Tui.Recordings.Svg.SvgShapes;

namespace StoriesCli.Tui.Recordings.Svg;

/// <summary>
/// Collects what a screen looks like over time, and writes it as one SVG. Each row of the screen is a strip of all that it ever showed, behind
/// a window of one row: a change costs only the rows that changed. A viewer that does not animate shows the last screen.
/// </summary>
internal sealed class SvgFilm(SvgTheme theme)
{
    /// <summary>Larger files are no pictures for a page.</summary>
    public const int CharactersMaximum = 16 * 1024 * 1024;

    private const int Margin = 12;

    private readonly List<Strip> _strips = [];
    private readonly SvgCells _row = new(theme);
    private readonly Dictionary<string, int> _uses = [];
    private int _columns = 1;
    private long _characters;

    private sealed class Strip
    {
        public List<string> Looks { get; } = [];
        public Dictionary<string, int> Index { get; } = [];
        public List<(TimeSpan At, int Look)> Changes { get; } = [];
        public Glyph[] Cells { get; set; } = [];
        public int Cursor { get; set; } = -1;
    }

    /// <summary>Shows cells in a row from an instant on.</summary>
    /// <exception cref="InvalidDataException">The SVG would be too large.</exception>
    public void Show(TimeSpan at, int y, ReadOnlySpan<Glyph> cells, int cursor)
    {
        while (_strips.Count <= y)
        {
            _strips.Add(new());
        }
        var strip = _strips[y];
        if (strip.Changes.Count > 0 && strip.Cursor == cursor && cells.SequenceEqual(strip.Cells))
        {
            return;
        }
        if (strip.Changes.Count == 0 && at > TimeSpan.Zero)
        {
            // A row that the terminal did not have before.
            Show(TimeSpan.Zero, y, [], cursor: -1);
        }
        (strip.Cells, strip.Cursor, _columns) = (cells.ToArray(), cursor, Math.Max(_columns, cells.Length));
        var look = _row.Draw(cells, cursor);
        if (!strip.Index.TryGetValue(look, out var index))
        {
            index = strip.Looks.Count;
            strip.Looks.Add(look);
            strip.Index.Add(look, index);
            _characters += _uses.TryAdd(look, 0) ? look.Length : UseOf(0).Length;
            _uses[look]++;
        }
        if (strip.Changes.Count == 0 || strip.Changes[^1].Look != index)
        {
            strip.Changes.Add((at, index));
            _characters += Keyframe(at, TimeSpan.MaxValue, index).Length;
        }
        if (_characters > CharactersMaximum)
        {
            throw new InvalidDataException(
                $"The SVG would have more than {CharactersMaximum / (1024 * 1024)} MiB. Draw one instant of it, or make a shorter recording."
            );
        }
    }

    /// <param name="length">Of one round of the animation.</param>
    /// <param name="title">What a screen reader says.</param>
    public string Write(TimeSpan length, string title)
    {
        var (width, height) = (_columns * SvgCells.CellWidth, _strips.Count * SvgCells.CellHeight);
        var (wholeWidth, wholeHeight) = (N(width + 2 * Margin), N(height + 2 * Margin));
        var isMoving = _strips.Any(strip => strip.Changes.Count > 1);
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $$"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{{wholeWidth}}" height="{{wholeHeight}}" viewBox="0 0 {{wholeWidth}} {{wholeHeight}}" fill="{{SvgCells.Hex(
                theme.Letters
            )}}" role="img" xml:space="preserve">
            <title>{{SvgCells.Escape(CleanText.OneLine(title))}}</title>
            <style>
            text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}
            image{image-rendering:pixelated}
            .b{font-weight:bold}.f{opacity:.6}.i{font-style:italic}
            .u{text-decoration:underline}.s{text-decoration:line-through}.us{text-decoration:underline line-through}

            """
        );
        if (isMoving)
        {
            svg.Append(CultureInfo.InvariantCulture, $".a{{animation:{N(length.TotalSeconds)}s step-end infinite}}\n");
            for (var y = 0; y < _strips.Count; y++)
            {
                if (_strips[y].Changes.Count > 1)
                {
                    svg.Append(CultureInfo.InvariantCulture, $"@keyframes r{y}{{");
                    foreach (var (at, look) in _strips[y].Changes)
                    {
                        svg.Append(Keyframe(at, length, look));
                    }
                    svg.Append("}\n");
                }
            }
            svg.Append("@media(prefers-reduced-motion:reduce){.a{animation:none}}\n");
        }
        svg.Append("</style>\n");
        var shared = new Dictionary<string, int>();
        svg.Append("<defs>");
        foreach (var (look, uses) in _uses)
        {
            if (uses > 1 && look.Length > UseOf(shared.Count).Length)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<g id=\"l{shared.Count}\">{look}</g>\n");
                shared.Add(look, shared.Count);
            }
        }
        svg.Append("</defs>\n");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect width=\"{wholeWidth}\" height=\"{wholeHeight}\" rx=\"8\" fill=\"{SvgCells.Hex(theme.Ground)}\"/>\n"
        );
        for (var y = 0; y < _strips.Count; y++)
        {
            WriteStrip(svg, y, N(width), shared);
        }
        return svg.Append("</svg>\n").ToString();
    }

    private void WriteStrip(StringBuilder svg, int y, string width, Dictionary<string, int> shared)
    {
        var strip = _strips[y];
        if (strip.Looks.TrueForAll(look => look.Length == 0))
        {
            return;
        }
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg x=\"{Margin}\" y=\"{N(Margin + y * SvgCells.CellHeight)}\" width=\"{width}\" height=\"{SvgCells.CellHeight}\">"
        );
        var isMoving = strip.Changes.Count > 1;
        if (isMoving)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<g class=\"a\" style=\"animation-name:r{y}\" transform=\"translate(0 {-strip.Changes[^1].Look * SvgCells.CellHeight})\">"
            );
        }
        for (var i = 0; i < strip.Looks.Count; i++)
        {
            var look = strip.Looks[i];
            if (shared.TryGetValue(look, out var id))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<use href=\"#l{id}\" y=\"{i * SvgCells.CellHeight}\"/>");
            }
            else if (look.Length > 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate(0 {i * SvgCells.CellHeight})\">{look}</g>");
            }
        }
        svg.Append(isMoving ? "</g></svg>\n" : "</svg>\n");
    }

    private static string UseOf(int id) => string.Create(CultureInfo.InvariantCulture, $"<use href=\"#l{id}\" y=\"0000\"/>");

    private static string Keyframe(TimeSpan at, TimeSpan length, int look) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Math.Round(100.0 * at.Ticks / length.Ticks, 4):0.####}%{{transform:translateY({-look * SvgCells.CellHeight}px)}}"
        );
}
