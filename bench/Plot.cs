using System.Globalization;
using System.Text;

namespace StoriesCli.Bench;

/// <summary>Draws lines over two logarithmic axes as an SVG.</summary>
internal static class Plot
{
    private const int Width = 720,
        Height = 380,
        Left = 60,
        Right = 180,
        Top = 40,
        Bottom = 40;

    private static readonly string[] Colours = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#e377c2"];

    public static string Draw(string title, IReadOnlyList<Point> points)
    {
        var (x0, x1) = (Floor(points.Min(p => p.Size)), Ceiling(points.Max(p => p.Size)));
        var (y0, y1) = (Floor(points.Min(p => Positive(p.Cost))), Ceiling(points.Max(p => Positive(p.Cost))));
        double X(double size) => Left + ((Math.Log10(size) - x0) / Math.Max(1, x1 - x0) * (Width - Left - Right));
        double Y(double cost) => Height - Bottom - ((Math.Log10(Positive(cost)) - y0) / Math.Max(1, y1 - y0) * (Height - Top - Bottom));

        var svg = new StringBuilder();
        void Add(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Add(
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12"><title>{title}</title>"""
        );
        Add(
            $"""<rect width="{Width}" height="{Height}" fill="#ffffff"/><text x="{Left}" y="22" font-size="15">{title} against the number of stories</text>"""
        );
        for (var x = x0; x <= x1; x++)
        {
            var at = X(Math.Pow(10, x));
            Add($"""<line x1="{at:0.0}" y1="{Top}" x2="{at:0.0}" y2="{Height - Bottom}" stroke="#dddddd"/>""");
            Add($"""<text x="{at:0.0}" y="{Height - Bottom + 18}" text-anchor="middle">{Math.Pow(10, x):N0}</text>""");
        }
        for (var y = y0; y <= y1; y++)
        {
            var at = Y(Math.Pow(10, y));
            Add($"""<line x1="{Left}" y1="{at:0.0}" x2="{Width - Right}" y2="{at:0.0}" stroke="#dddddd"/>""");
            Add($"""<text x="{Left - 6}" y="{at + 4:0.0}" text-anchor="end">{Math.Pow(10, y):0.###}</text>""");
        }
        foreach (var (index, line) in points.GroupBy(p => p.Series).Index())
        {
            var colour = Colours[index % Colours.Length];
            var path = string.Join(
                ' ',
                line.OrderBy(p => p.Size).Select(p => FormattableString.Invariant($"{X(p.Size):0.0},{Y(p.Cost):0.0}"))
            );
            Add($"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>""");
            var row = Top + 14 + (index * 18);
            Add($"""<rect x="{Width - Right + 14}" y="{row - 9}" width="12" height="4" fill="{colour}"/>""");
            Add($"""<text x="{Width - Right + 32}" y="{row}">{line.Key}</text>""");
        }
        Add($"</svg>");
        return svg.ToString();
    }

    private static double Positive(double value) => Math.Max(value, 0.001);

    private static int Floor(double value) => (int)Math.Floor(Math.Log10(value));

    private static int Ceiling(double value) => (int)Math.Ceiling(Math.Log10(value));
}
