using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>Everything that the panel depends on: equal inputs look the same.</summary>
internal readonly record struct PanelInput(
    Story? Story,
    Details? Details,
    PanelDialog? Dialog,
    string Age,
    string Left,
    bool Playing,
    bool Restricted,
    bool HasDraft,
    bool Muted,
    string? Me,
    PanelKeys Keys,
    int Scroll,
    int CaptionScroll,
    TimeZoneInfo? Zone,
    int Columns,
    int Rows,
    string? Side = null,
    string? Waiting = null,
    WaitResult? Waited = null
)
{
    public static PanelInput From(Model model, int columns, int rows) =>
        model.Shown is not { } story
            ? default
            : new(
                story,
                model.Loaded.Details.GetValueOrDefault(story.Id),
                model.Dialog as PanelDialog,
                Format.Ago(model.Now - story.CreatedAt),
                model.Tray.OpenPlace is { IsArchive: true } ? "archived" : Format.Left(story, model.Now),
                model.PlayingId == story.Id,
                model.Session.Restricted,
                model.Unsent.Replies.ContainsKey(story.Id),
                model.Tray.OpenPlace!.Item.Muted,
                model.Session.Me,
                new(model.Session.Keys.Label("play"), model.Session.Keys.Label("vote"), model.Session.Keys.Label("resolve")),
                model.Scrolled.Thread,
                model.Scrolled.Caption,
                model.Session.Zone,
                columns,
                rows,
                Comparison.Describe(model),
                WaitForStory.Describe(model, story),
                model.Marks.Waited.GetValueOrDefault(story.Id)
            );
}

/// <summary>The keys that the panel names.</summary>
internal readonly record struct PanelKeys(string Play, string Vote, string Resolve);

/// <summary>Author and times, caption, facts, thread, and what the viewer is writing.</summary>
internal static class PanelVm
{
    // More rows than any caption has in the narrowest panel.
    private const int CaptionRows = 4096;

    public static ImmutableArray<Line> From(PanelInput input)
    {
        if (input.Story is not { } story || input.Rows <= 0)
        {
            return [];
        }
        var (author, caption, facts, thread, room, answer, _) = Parts(input, story);
        return
        [
            .. ((ImmutableArray<Line>)[author, .. caption, .. facts, .. ThreadVm.Window(thread, room, input.Scroll, input.Columns)]).Take(
                input.Rows - answer.Length
            ),
            .. answer,
        ];
    }

    /// <summary>How many rows of caption and thread are hidden: the limits of scrolling.</summary>
    public static (int Caption, int Replies) Hidden(Model model)
    {
        if (PanelInput.From(model, model.Display.Panel.Width, model.Display.Panel.Height) is not { Story: { } story, Rows: > 0 } input)
        {
            return (0, 0);
        }
        var parts = Parts(input, story);
        return (
            Cells.Wrap(parts.Said, input.Columns, CaptionRows).Length - parts.Caption.Length,
            Math.Max(0, parts.Thread.Length - Math.Max(1, parts.Room - 1))
        );
    }

    private static (
        Line Author,
        ImmutableArray<Line> Caption,
        Line[] Facts,
        ImmutableArray<Line> Thread,
        int Room,
        Line[] Answer,
        Run[] Said
    ) Parts(PanelInput input, Story story)
    {
        var answer = input.Dialog?.Lines(input.Columns, input.Rows).Take(Math.Max(1, input.Rows - 1)).ToArray() ?? [];
        var rows = input.Rows - 1 - answer.Length;
        var facts = Fitted([.. FactsVm.From(input, story)], Math.Max(0, rows - 1), input.Columns);
        // If there is no row for facts, the caption begins with the important ones.
        Run[] caption = [.. facts.Length > 0 ? [] : FactsVm.Marks(input, story), .. Caption(story)];
        rows -= facts.Length;
        var thread = ThreadVm.From(input.Details?.Replies ?? [], input.Zone!, input.Columns);
        // The caption keeps at least a row; the thread gets up to two thirds.
        var room = thread.Length > 0 ? Math.Min(thread.Length + 1, rows * 2 / 3) : 0;
        var said = Window(caption, input.Columns, Math.Max(rows > 0 ? 1 : 0, rows - room), input.CaptionScroll);
        return (Author(input, story), said, facts, thread, rows - said.Length, answer, caption);
    }

    private static ImmutableArray<Line> Window(Run[] caption, int columns, int rows, int scroll)
    {
        if (scroll == 0)
        {
            return Cells.Wrap(caption, columns, rows);
        }
        var all = Cells.Wrap(caption, columns, CaptionRows);
        var top = Math.Clamp(scroll, 0, Math.Max(0, all.Length - rows));
        return Fitted([.. all.Skip(top)], rows, columns).ToImmutableArray();
    }

    /// <summary>The first lines, and a mark where others follow.</summary>
    private static Line[] Fitted(Line[] lines, int rows, int columns) =>
        lines.Length <= rows ? lines
        : rows == 0 ? []
        : [.. lines[..(rows - 1)], Cells.Ellipsis(lines[rows - 1], columns)];

    private static Line Author(PanelInput input, Story story)
    {
        var name = SafeText.OneLine(story.Author.DisplayName);
        var handle = $"@{SafeText.OneLine(story.Author.Handle)}";
        var times = $" · {input.Age} · {input.Left}";
        var room = input.Columns - Cells.Columns(times);
        // Times and handle must be complete; a long display name may be cut.
        var who =
            name.Length == 0 || name == story.Author.Handle || room - Cells.Columns(handle) - 3 < 3
                ? Cells.Cut(handle, Math.Max(6, room))
                : $"{Cells.Cut(name, room - Cells.Columns(handle) - 3)} ({handle})";
        return Line.Of(new(who, Tone.Strong), new(times, Tone.Dim));
    }

    private static IEnumerable<Run> Caption(Story story)
    {
        if (!string.IsNullOrWhiteSpace(story.Caption))
        {
            yield return new(CleanText.Lines(story.Caption).Trim(), Tone.Plain);
        }
        if (story.Tags.Length > 0)
        {
            yield return new(
                (string.IsNullOrWhiteSpace(story.Caption) ? "" : "  ")
                    + string.Join(' ', story.Tags.Select(tag => $"#{SafeText.OneLine(tag)}")),
                Tone.Accent
            );
        }
    }
}
