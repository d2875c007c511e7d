using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.Screen;

/// <summary>Facts about a story below its caption, the most urgent first.</summary>
internal static class FactsVm
{
    private const int GateRows = 3;

    /// <param name="input">What the panel depends on.</param>
    /// <param name="story">The story.</param>
    /// <param name="areAnswersSaid">Whether a line above says what others answered.</param>
    public static IEnumerable<Line> From(PanelInput input, Story story, bool areAnswersSaid)
    {
        if (input.IsFramed)
        {
            // Tags and mentions, and at the right what others answered.
            var gap = story.Tags.Length > 0 && story.Mentions.Length > 0 ? "   " : "";
            var line = new Line([new(Tags(story) + gap, Tone.Accent), .. Mentions(input, story).SelectMany(row => row.Runs)]);
            var both = AnswersBeside(line, input, story);
            areAnswersSaid = both is not null;
            if ((both ?? line) is { Columns: > 0 } first)
            {
                yield return first;
            }
        }
        IEnumerable<Line> asked =
        [
            .. Help(input, story),
            .. Gate(input),
            .. story.Poll is { } poll ? PollVm.From(poll, input.Keys.Vote, input.Columns, input.RowsMaximum, input.IsFramed) : [],
            .. input.IsFramed ? [] : Mentions(input, story),
        ];
        foreach (var line in asked)
        {
            yield return line;
        }
        foreach (var (facts, tone) in Rows(input, story, areAnswersSaid))
        {
            if (string.Join("   ", facts.Where(fact => !string.IsNullOrEmpty(fact))) is { Length: > 0 } text)
            {
                yield return Line.Text(Cells.Cut(SafeText.OneLine(text), input.Columns), tone);
            }
        }
    }

    /// <summary>What others answered, at the right of a line; null if there is no room for it, or nothing.</summary>
    public static Line? AnswersBeside(Line line, PanelInput input, Story story)
    {
        var answers = SafeText.OneLine(string.Join("   ", Answers(input, story)));
        var gap = input.Columns - line.Columns - Cells.Columns(answers);
        return answers.Length == 0 || gap < 3 ? null : new([.. line.Runs, new(new(' ', gap), Tone.Plain), new(answers, Tone.Plain)]);
    }

    public static string Tags(Story story) => string.Join(' ', story.Tags.Select(tag => $"#{SafeText.OneLine(tag)}"));

    /// <summary>The same in one word each, if there are no rows.</summary>
    public static IEnumerable<Run> Marks(PanelInput input, Story story)
    {
        string?[] marks =
        [
            IsMentioned(input, story) ? "@you" : null,
            story.Help is { } help
                ? help.Resolved
                    ? "resolved"
                    : "help"
                : null,
            story.Poll is null ? null : "poll",
            input.Waiting is not null ? "waiting" : null,
            input.Muted ? "muted" : null,
        ];
        var said = string.Join(" · ", marks.OfType<string>());
        return said.Length == 0
            ? []
            : [new(string.IsNullOrWhiteSpace(story.Caption) && story.Tags.Length == 0 ? said : $"{said} · ", Tone.Accent)];
    }

    private static (string?[] Facts, Tone Tone)[] Rows(PanelInput input, Story story, bool areAnswersSaid)
    {
        string?[] answers = [.. areAnswersSaid ? [] : Answers(input, story)];
        var plays = story.Kind is StoryKinds.Video or StoryKinds.Audio && !input.Restricted;
        string?[] media =
        [
            story.Kind is StoryKinds.Video or StoryKinds.Audio
                ? $"{story.Kind}{(story.Media.DurationMs is { } time ? " " + Format.Clock(time) : "")}"
                : null,
            input.Playing ? "playing"
            : plays ? $"{input.Keys.Play} plays it"
            : null,
        ];
        string?[] source = [story.Source?.Status, story.Source?.Repository, story.Source?.Run];
        string?[] own =
        [
            story.Answers is null ? null : "answers a question",
            SeenBy(story, input.Details?.Viewers),
            story.KeptIn is { } kept ? $"kept in {kept}" : null,
            input.Muted ? "muted" : null,
        ];
        return
        [
            ([story.Compare is { } compare ? ChangedShare.Describe(compare) : null], Tone.Plain),
            ([input.Side], Tone.Accent),
            (media, Tone.Accent),
            (answers, Tone.Plain),
            ([AckedBy(input, story)], Tone.Dim),
            (own, Tone.Dim),
            (source, story.Source?.Status == "failed" ? Tone.Bad : Tone.Dim),
            (story.Links, Tone.Dim),
        ];
    }

    private static string[] Answers(PanelInput input, Story story) =>
        [
            .. (
                (string?[])
                    [
                        .. story
                            .Reactions.OrderByDescending(reaction => reaction.Value)
                            .Select(reaction =>
                                $"{SafeText.OneLine(reaction.Key)} {reaction.Value}{(reaction.Key == story.MyReaction ? " (you)" : "")}"
                            ),
                        story.AckCount > 0 ? $"✓ {story.AckCount} acked{(story.Acked ? " (you)" : "")}" : null,
                        story.ReplyCount > 0 && !input.IsFramed
                            ? $"{story.ReplyCount} {(story.ReplyCount == 1 ? "reply" : "replies")}"
                            : null,
                        input.HasDraft && input.Dialog is null ? "reply begun" : null,
                    ]
            ).OfType<string>(),
        ];

    private static IEnumerable<Line> Mentions(PanelInput input, Story story)
    {
        if (IsMentioned(input, story))
        {
            yield return Line.Text(Cells.Cut("mentions you", input.Columns), Tone.Accent);
        }
        else if (story.Mentions.Length > 0)
        {
            yield return Line.Text(Cells.Cut("mentions " + SafeText.OneLine(string.Join(", ", story.Mentions)), input.Columns), Tone.Dim);
        }
    }

    private static IEnumerable<Line> Help(PanelInput input, Story story)
    {
        if (story.Help is not { } help)
        {
            yield break;
        }
        var key =
            story.Author.Handle != input.Me ? ""
            : help.Resolved ? $"   {input.Keys.Resolve} opens it again"
            : $"   {input.Keys.Resolve} resolves it";
        yield return Line.Text(
            Cells.Cut((help.Resolved ? "✓ resolved" : "help wanted") + key, input.Columns),
            help.Resolved ? Tone.Good : Tone.Bad
        );
    }

    private static ImmutableArray<Line> Gate(PanelInput input)
    {
        Run? said =
            input.Waiting is { } waiting ? new($"waiting: {waiting}", Tone.Accent)
            : input.Waited is { } waited ? new($"{(waited.Passed ? "✓" : "✗")} {waited.Text}", waited.Passed ? Tone.Good : Tone.Bad)
            : null;
        return said is { } words ? Cells.Wrap([words], input.Columns, GateRows) : [];
    }

    private static bool IsMentioned(PanelInput input, Story story) => input.Me is { } me && story.Mentions.Contains(me);

    private static string? AckedBy(PanelInput input, Story story) =>
        story.AckCount > 0 && input.Details?.Acks is { Length: > 0 } acks
            ? "acked by " + string.Join(", ", acks.Select(ack => $"{ack.Person.Handle} {Format.Time(ack.At, input.Zone!)}"))
            : null;

    private static string? SeenBy(Story story, ViewerPage? viewers)
    {
        if (story.ViewCount is not { } count)
        {
            return null;
        }
        var names = viewers?.Items.Select(viewer => viewer.Person.Handle).ToArray() ?? [];
        // An account that acknowledged the story has seen it, even if no list of viewers says so.
        return count == 0 ? (story.AckCount > 0 ? null : "seen by nobody yet")
            : names.Length == 0 ? $"seen by {count}"
            : $"seen by {count}: {string.Join(", ", names)}{(count > names.Length ? " …" : "")}";
    }
}
