using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.State;

namespace StoriesCli.Tui.ViewModels;

/// <summary>All that the panel's text is made of: equal ones look the same.</summary>
internal readonly record struct PanelInput(Story? Story, string Age, string Left, bool Playing, bool Restricted, int Columns, int Rows)
{
    public static PanelInput From(AppState s, int columns, int rows) => s.Shown is not { } story ? default : new(
        story, Words.Ago(s.Now - story.CreatedAt), Words.Left(story, s.Now), s.PlayingId == story.Id, s.Restricted, columns, rows);
}

/// <summary>Who posted it and when, what they say, what others answered.</summary>
internal static class PanelVm
{
    public static ImmutableArray<Line> From(PanelInput input)
    {
        if (input.Story is not { } story || input.Rows <= 0)
        {
            return [];
        }
        var facts = Facts(input, story).Take(Math.Max(0, input.Rows - 2)).ToArray();
        var caption = Cells.Wrap(Caption(story), input.Columns, Math.Max(1, input.Rows - 1 - facts.Length));
        return [.. ((ImmutableArray<Line>)[Author(input, story), .. caption, .. facts]).Take(input.Rows)];
    }

    private static Line Author(PanelInput input, Story story)
    {
        var name = SafeText.OneLine(story.Author.DisplayName);
        var who = name == story.Author.Handle ? $"@{name}" : $"{name} (@{story.Author.Handle})";
        var times = $" · {input.Age} · {input.Left}";
        // The times are short and cannot be guessed; a name that was cut can.
        return Line.Of(new(Cells.Cut(who, Math.Max(6, input.Columns - Cells.Columns(times))), Tone.Strong), new(times, Tone.Dim));
    }

    private static IEnumerable<Run> Caption(Story story)
    {
        if (!string.IsNullOrWhiteSpace(story.Caption))
        {
            yield return new(CleanText.Lines(story.Caption).Trim(), Tone.Plain);
        }
        if (story.Tags.Length > 0)
        {
            yield return new((string.IsNullOrWhiteSpace(story.Caption) ? "" : "  ") + string.Join(' ', story.Tags.Select(tag => $"#{SafeText.OneLine(tag)}")), Tone.Accent);
        }
    }

    private static IEnumerable<Line> Facts(PanelInput input, Story story)
    {
        string?[] answers =
        [
            .. story.Reactions.OrderByDescending(reaction => reaction.Value).Select(reaction => $"{SafeText.OneLine(reaction.Key)} {reaction.Value}"),
            story.ReplyCount > 0 ? $"{story.ReplyCount} {(story.ReplyCount == 1 ? "reply" : "replies")}" : null,
            story.ViewCount is { } count ? $"seen by {count}" : null,
        ];
        var plays = story.Kind is StoryKinds.Video or StoryKinds.Audio && !input.Restricted;
        string?[] media =
        [
            story.Kind is StoryKinds.Video or StoryKinds.Audio ? $"{story.Kind}{(story.Media.DurationMs is { } time ? " " + Words.Clock(time) : "")}" : null,
            input.Playing ? "playing" : plays ? "p plays it" : null,
        ];
        string?[] source =
        [
            story.Source?.Status,
            story.Source?.Repository,
            story.Source?.Run,
        ];
        foreach (var (facts, tone) in new[] { (media, Tone.Accent), (answers, Tone.Plain), (source, story.Source?.Status == "failed" ? Tone.Bad : Tone.Dim) })
        {
            if (string.Join("   ", facts.Where(fact => !string.IsNullOrEmpty(fact))) is { Length: > 0 } text)
            {
                yield return Line.Text(Cells.Cut(SafeText.OneLine(text), input.Columns), tone);
            }
        }
    }
}
