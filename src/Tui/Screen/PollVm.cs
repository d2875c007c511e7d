using StoriesCli.Contracts;

namespace StoriesCli.Tui.Screen;

/// <summary>A poll in the panel: a row for each answer, or two rows for all if there are few rows.</summary>
internal static class PollVm
{
    private const int RowsForEach = 12;
    private const int BarCells = 10;
    private const int QuestionRows = 3;

    public static IEnumerable<Line> From(StoryPoll poll, string voteKey, int columns, int rows)
    {
        if (rows < RowsForEach)
        {
            return Cells.Wrap(
                [
                    new(SafeText.OneLine(poll.Question) + (poll.ClosedAt is null ? "" : " (closed)"), Tone.Strong),
                    .. poll.Options.Select(
                        (option, i) =>
                            new Run(
                                $"  {i + 1} {SafeText.OneLine(option.Text)}: {option.Votes}{(poll.MyVote == i ? " (you)" : "")}",
                                poll.MyVote == i ? Tone.Accent : Tone.Plain
                            )
                    ),
                ],
                columns,
                2
            );
        }
        var most = Math.Max(1, poll.Options.Max(option => option.Votes));
        var digits = poll.Options.Max(option => Cells.Columns($"{option.Votes}"));
        return
        [
            .. Cells.Wrap([new(SafeText.OneLine(poll.Question), Tone.Strong)], columns, QuestionRows),
            .. poll.Options.Select((option, i) => Option(option, i, poll.MyVote == i, most, digits, columns)),
            Line.Text(
                Cells.Cut(
                    poll.ClosedAt is not null ? "closed"
                        : poll.MyVote is null ? $"{voteKey} votes"
                        : $"{voteKey} changes your vote",
                    columns
                ),
                Tone.Dim
            ),
        ];
    }

    /// <summary><c>● 1 yes        ━━━━━━━━━━  3</c>: the dot is the viewer's own vote.</summary>
    private static Line Option(PollOption option, int index, bool mine, int most, int digits, int columns)
    {
        var head = $"{(mine ? "●" : "○")} {index + 1} ";
        var count = $"{option.Votes}".PadLeft(digits);
        var room = columns - Cells.Columns(head) - BarCells - digits - 4;
        var text = Cells.Cut(SafeText.OneLine(option.Text), Math.Max(1, room));
        var full = (int)Math.Round((double)BarCells * option.Votes / most);
        return Line.Of(
            new(head, mine ? Tone.Accent : Tone.Dim),
            new(text, mine ? Tone.Strong : Tone.Plain),
            new(new(' ', Math.Max(0, room - Cells.Columns(text)) + 2), Tone.Plain),
            new(new('━', full), Tone.Accent),
            new(new(' ', BarCells - full + 2), Tone.Plain),
            new(count, Tone.Strong)
        );
    }
}
