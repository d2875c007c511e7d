using System.Globalization;
using System.Text.RegularExpressions;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Cards;

/// <summary>Unified diffs: added and removed lines, positions, file names.</summary>
internal static partial class DiffCard
{
    private static readonly Ink _added = new(Tone.Plain, new(38, 160, 90)),
        _removed = new(Tone.Plain, new(215, 60, 50)),
        _place = new(Tone.Plain, new(0, 135, 175));

    public static IEnumerable<Run> Colour(IEnumerable<Run> runs)
    {
        // Lines of a hunk are counted: a removed "-- x" looks like the name of a file.
        var (before, after) = (0, 0);
        foreach (var line in CardText.LinesOf(runs))
        {
            var text = string.Concat(line.Select(run => run.Text));
            Ink ink = Tone.Plain;
            if ((before > 0 || after > 0) && text[0] is '+' or '-' or ' ' or '\n' or '\\')
            {
                (before, after) = text[0] switch
                {
                    '+' => (before, after - 1),
                    '-' => (before - 1, after),
                    '\\' => (before, after),
                    _ => (before - 1, after - 1),
                };
                ink = text[0] switch
                {
                    '+' => _added,
                    '-' => _removed,
                    '\\' => Tone.Dim,
                    _ => Tone.Plain,
                };
            }
            else if (Hunk().Match(text) is { Success: true } hunk)
            {
                (before, after) = (Count(hunk.Groups[1]), Count(hunk.Groups[2]));
                ink = _place;
            }
            else
            {
                (before, after) = (0, 0);
                ink = Head().IsMatch(text)
                    ? Tone.Strong
                    : text[0] switch
                    {
                        '+' or '>' => _added,
                        '-' or '<' => _removed,
                        _ => Tone.Plain,
                    };
            }
            foreach (var run in line)
            {
                yield return CardText.Inked(run, ink);
            }
        }
    }

    private static int Count(Group group) =>
        !group.Success ? 1
        : int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : 0;

    [GeneratedRegex(@"^@@ -[0-9]{1,9}(?:,([0-9]{1,9}))? \+[0-9]{1,9}(?:,([0-9]{1,9}))? @@", RegexOptions.CultureInvariant)]
    private static partial Regex Hunk();

    [GeneratedRegex(
        "^(?:diff |index |--- |\\+\\+\\+ |old mode |new mode |deleted file |new file |similarity |rename |copy |Binary files |Only in |commit |Author: |Date: )",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Head();
}
