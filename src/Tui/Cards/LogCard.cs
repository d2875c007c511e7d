using System.Text.RegularExpressions;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Cards;

/// <summary>Logs: when is dimmed, how bad it is has its colour.</summary>
internal static partial class LogCard
{
    /// <summary>A level stands near the beginning; further on the word is a word.</summary>
    private const int LevelWithin = 160;

    private static readonly Ink _warning = new(Tone.Plain, new(176, 122, 0), Style: InkStyle.Bold),
        _note = new(Tone.Plain, new(0, 135, 175));

    public static IEnumerable<Run> Colour(IEnumerable<Run> runs)
    {
        foreach (var line in CardText.LinesOf(runs))
        {
            var text = string.Concat(line.Select(run => run.Text));
            var stamp = Stamp().Match(text);
            var level = Level().Match(text.Length <= LevelWithin ? text : text[..LevelWithin], stamp.Length);
            foreach (
                var run in Painted(
                    line,
                    (0, stamp.Length, Tone.Dim),
                    level.Success ? (level.Index, level.Length, InkOf(level.Value)) : (0, 0, default)
                )
            )
            {
                yield return run;
            }
        }
    }

    private static Ink InkOf(string level) =>
        char.ToUpperInvariant(level[0]) switch
        {
            'W' => _warning,
            'I' or 'N' => _note,
            'D' or 'T' or 'V' => Tone.Dim,
            _ => Tone.Bad,
        };

    /// <summary>The line with two parts of it in inks of their own, the second behind the first.</summary>
    private static IEnumerable<Run> Painted(List<Run> line, params (int At, int Length, Ink Ink)[] parts)
    {
        var start = 0;
        foreach (var run in line)
        {
            var from = 0;
            foreach (var (at, length, ink) in parts)
            {
                var (first, last) = (Math.Clamp(at - start, from, run.Text.Length), Math.Clamp(at + length - start, from, run.Text.Length));
                if (last > first)
                {
                    yield return run with
                    {
                        Text = run.Text[from..first],
                    };
                    yield return CardText.Inked(run with { Text = run.Text[first..last] }, ink);
                    from = last;
                }
            }
            yield return run with
            {
                Text = run.Text[from..],
            };
            start += run.Text.Length;
        }
    }

    [GeneratedRegex(
        @"^\[?(?:[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)?(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?|[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?|[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2})\]?",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Stamp();

    /// <summary>In capitals anywhere, in small letters where punctuation makes a level of the word.</summary>
    [GeneratedRegex(
        @"(?<![A-Za-z0-9_])(?:FATAL|CRITICAL|CRIT|PANIC|SEVERE|EMERG|ALERT|ERROR|ERR|WARNING|WARN|NOTICE|INFO|DEBUG|TRACE|VERBOSE)(?![A-Za-z0-9_])|(?<=[\[=""|(])(?i:fatal|critical|crit|panic|severe|error|err|warning|warn|notice|info|debug|trace|verbose)(?=[\] ""|):,])|(?<![A-Za-z0-9_])(?i:fatal|critical|panic|error|err|fail|warning|warn|notice|info|dbug|debug|trace|trce|crit)(?=: )",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Level();
}
