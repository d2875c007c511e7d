using StoriesCli.Contracts;

namespace StoriesCli.Tui.Screen;

/// <summary>A poll: a row for each answer with a bar as wide as there is room, or two rows for all answers if there are few rows.</summary>
internal static class PollVm
{
    /// <summary>Rows of the panel besides the answers: author, caption and question.</summary>
    private const int RowsBesides = 3,
        QuestionRows = 3,
        NarrowestBar = 10;

    public static IEnumerable<Line> From(StoryPoll poll, string voteKey, int columns, int rows, bool isRoomy)
    {
        if (rows < poll.Options.Length + RowsBesides)
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
        // Answers get what they need, up to the room beside the narrowest bar.
        var label = Math.Clamp(
            poll.Options.Max(option => Cells.Columns(SafeText.OneLine(option.Text))),
            1,
            Math.Max(1, columns - NarrowestBar - digits - 8)
        );
        return
        [
            .. Cells.Wrap(
                [new(SafeText.OneLine(poll.Question) + (poll.ClosedAt is null ? "" : " (closed)"), Tone.Strong)],
                columns,
                isRoomy ? QuestionRows : 1
            ),
            .. poll.Options.Select((option, i) => Option(option, i, poll.MyVote == i, most, digits, label, columns)),
            .. !isRoomy
                ? (Line[])[]
                :
                [
                    Line.Text(
                        Cells.Cut(
                            poll.ClosedAt is not null ? "no more votes"
                                : poll.MyVote is null ? $"{voteKey} votes"
                                : $"{voteKey} changes your vote",
                            columns
                        ),
                        Tone.Dim
                    ),
                ],
        ];
    }

    /// <summary><c>● 1 yes        ━━━━━━━━━━  3</c>: the dot is the viewer's own vote.</summary>
    private static Line Option(PollOption option, int index, bool mine, int most, int digits, int label, int columns)
    {
        var head = $"{(mine ? "●" : "○")} {index + 1} ";
        var text = Cells.Cut(SafeText.OneLine(option.Text), label);
        var bar = Math.Max(0, columns - Cells.Columns(head) - label - digits - 4);
        var full = (int)Math.Round((double)bar * option.Votes / most);
        return Line.Of(
            new(head, mine ? Tone.Accent : Tone.Dim),
            new(text, mine ? Tone.Strong : Tone.Plain),
            new(new(' ', label - Cells.Columns(text) + 2), Tone.Plain),
            new(new('━', full), Tone.Accent),
            new(new('─', bar - full), Tone.Dim),
            new($"{option.Votes}".PadLeft(digits + 2), Tone.Strong)
        );
    }
}
