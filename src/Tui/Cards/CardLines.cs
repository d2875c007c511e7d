using System.Globalization;
using System.Text;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Cards;

/// <summary>A text card as lines for a terminal that is only printed to, drawn as in the terminal UI.</summary>
public static class CardLines
{
    /// <summary>Colours a card by what its file name says: Markdown, a diff, a log. Its own colours are kept, everything else that could command a terminal is gone.</summary>
    /// <param name="text">The whole card, of at most 64 KiB.</param>
    /// <param name="fileName">Null: a plain text.</param>
    /// <param name="columns">For Markdown, which flows; other lines stay as they are.</param>
    /// <param name="trueColour">Whether the terminal has all colours; otherwise the nearest of 256.</param>
    public static IReadOnlyList<string> Draw(string text, string? fileName, int columns, bool trueColour)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
        [
            .. CardText
                .Rows(text.TrimEnd(), fileName, CardText.IsFlowing(fileName) ? columns : int.MaxValue)
                .Select(line => Draw(line, trueColour)),
        ];
    }

    /// <param name="line">What is drawn.</param>
    /// <param name="trueColour">As of the card; null for a terminal without colours.</param>
    internal static string Draw(Line line, bool? trueColour)
    {
        var drawn = new StringBuilder();
        foreach (var (text, ink) in line.Runs)
        {
            var codes = string.Join(';', Codes(ink, trueColour));
            drawn.Append(codes.Length > 0 ? $"\e[{codes}m{text}\e[0m" : text);
        }
        return drawn.ToString();
    }

    private static IEnumerable<string> Codes(Ink ink, bool? trueColour)
    {
        var tone = ink.Tone switch
        {
            Tone.Dim => "2",
            Tone.Strong => "1",
            Tone.Accent => "35",
            Tone.Good => "32",
            Tone.Bad => "1;31",
            Tone.Chosen => "7",
            _ => null,
        };
        if (tone is not null)
        {
            yield return tone;
        }
        foreach (
            var (style, code) in new[]
            {
                (InkStyle.Bold, "1"),
                (InkStyle.Faint, "2"),
                (InkStyle.Italic, "3"),
                (InkStyle.Underline, "4"),
                (InkStyle.Reverse, "7"),
                (InkStyle.Strike, "9"),
            }
        )
        {
            if (ink.Style.HasFlag(style))
            {
                yield return code;
            }
        }
        if (ink.Fore is { } fore && trueColour is { } all)
        {
            yield return Colour(38, fore, all);
        }
        if (ink.Back is { } back && trueColour is { } every)
        {
            yield return Colour(48, back, every);
        }
    }

    private static string Colour(int what, Rgb colour, bool trueColour) =>
        trueColour
            ? string.Create(CultureInfo.InvariantCulture, $"{what};2;{colour.Red};{colour.Green};{colour.Blue}")
            : string.Create(CultureInfo.InvariantCulture, $"{what};5;{Colours.NearestIndexed(colour)}");
}
