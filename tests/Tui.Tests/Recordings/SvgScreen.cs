using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StoriesCli.Tui.Tests.Recordings;

/// <summary>An SVG as a browser would show it: which text stands in which row, at an instant of the animation.</summary>
internal sealed partial class SvgScreen
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly Dictionary<string, (double Percent, double Offset)[]> _keyframes;
    private readonly Dictionary<string, XElement> _shared;

    public SvgScreen(string svg)
    {
        Root = XDocument.Parse(svg, LoadOptions.PreserveWhitespace).Root!;
        Style = Root.Element(Svg + "style")!.Value;
        Seconds = Length().Match(Style) is { Success: true } found ? Number(found.Groups[1].Value) : 0;
        _keyframes = Keyframes()
            .Matches(Style)
            .ToDictionary(
                match => match.Groups[1].Value,
                match =>
                    Keyframe()
                        .Matches(match.Groups[2].Value)
                        .Select(one => (Number(one.Groups[1].Value), Number(one.Groups[2].Value)))
                        .ToArray()
            );
        _shared = Root.Element(Svg + "defs")!.Elements().ToDictionary(one => "#" + one.Attribute("id")!.Value);
    }

    public XElement Root { get; }

    public string Style { get; }

    /// <summary>Of one round; 0 for a still.</summary>
    public double Seconds { get; }

    public IEnumerable<XElement> Texts => Root.Descendants(Svg + "text");

    /// <summary>The text of each row that ever shows something; null: what a program without animation shows.</summary>
    public string[] At(double? seconds) => [.. Root.Elements(Svg + "svg").Select(row => RowAt(row, seconds))];

    private string RowAt(XElement row, double? seconds)
    {
        var strip = row.Elements().Single(_ => true) is { } one && one.Attribute("class")?.Value == "a" ? one : row;
        var offset = 0.0;
        if (strip != row)
        {
            var frames = _keyframes[strip.Attribute("style")!.Value.Split(':')[1]];
            frames[0].Percent.Should().Be(0);
            offset = seconds is { } at
                ? frames.Last(frame => frame.Percent <= 100 * at / Seconds + 1e-3).Offset
                : Number(strip.Attribute("transform")!.Value.Split(' ', ')')[1]);
        }
        var look = strip.Elements().SingleOrDefault(look => OffsetOf(look) == -offset);
        look = look?.Name == Svg + "use" ? _shared[look.Attribute("href")!.Value] : look;
        return look is null ? "" : string.Join(' ', look.Elements(Svg + "text").Select(text => text.Value));
    }

    private static double OffsetOf(XElement look) =>
        Number(look.Name == Svg + "use" ? look.Attribute("y")!.Value : look.Attribute("transform")!.Value.Split(' ', ')')[1]);

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\.a\{animation:([\d.]+)s step-end infinite\}")]
    private static partial Regex Length();

    [GeneratedRegex(@"@keyframes (\w+)\{((?:[^{}]+\{[^{}]*\})*)\}")]
    private static partial Regex Keyframes();

    [GeneratedRegex(@"([\d.]+)%\{transform:translateY\((-?\d+)px\)\}")]
    private static partial Regex Keyframe();
}
