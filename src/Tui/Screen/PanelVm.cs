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
    WaitResult? Waited = null,
    bool IsFramed = false,
    int RowsMaximum = 0
)
{
    /// <summary>Of the shown story, in the room that it has.</summary>
    public static PanelInput From(Model model, ScreenLayout layout) =>
        model.Shown is { } story
            ? From(model, story, layout.Panel.Width, layout.Panel.Height, layout.IsFramed) with
            {
                RowsMaximum = layout.PanelRowsMaximum,
            }
            : default;

    public static PanelInput From(Model model, Story story, int columns, int rows, bool isFramed) =>
        new(
            story,
            model.Loaded.Details.GetValueOrDefault(story.Id),
            model.Dialog as PanelDialog,
            // The frame says them.
            isFramed ? "" : Format.Ago(model.Now - story.CreatedAt),
            isFramed ? "" : TimeLeft(model, story),
            model.PlayingId == story.Id || model.Loaded.Video?.StoryId == story.Id,
            model.Session.Restricted,
            model.Unsent.Replies.ContainsKey(story.Id),
            model.Tray.OpenPlace?.Item.Muted == true,
            model.Session.Me,
            new(model.Session.Keys.Label("play"), model.Session.Keys.Label("vote"), model.Session.Keys.Label("resolve")),
            model.Scrolled.Thread,
            model.Scrolled.Caption,
            model.Session.Zone,
            columns,
            rows,
            story.Id == model.ShownId ? Comparison.Describe(model) : null,
            WaitForStory.Describe(model, story),
            model.Marks.Waited.GetValueOrDefault(story.Id),
            isFramed,
            rows
        );

    /// <summary>How long the story still lives.</summary>
    public static string TimeLeft(Model model, Story story) =>
        model.Tray.OpenPlace is { IsArchive: true } ? "archived" : Format.Left(story, model.Now);
}

/// <summary>The keys that the panel names.</summary>
internal readonly record struct PanelKeys(string Play, string Vote, string Resolve);

/// <summary>
/// Caption, facts, thread, and what the viewer is writing. Author and times stand above them, unless the frame of the story has them.
/// </summary>
internal static class PanelVm
{
    // More rows than any caption has in the narrowest panel.
    private const int CaptionRows = 4096,
        PlainThreadRows = 3;

    public static ImmutableArray<Line> From(PanelInput input)
    {
        if (input.Story is not { } story || input.Rows <= 0)
        {
            return [];
        }
        var parts = Parts(input, story);
        return
        [
            .. (
                (ImmutableArray<Line>)
                    [
                        .. parts.Head,
                        .. parts.Caption,
                        .. parts.Facts,
                        .. ThreadVm.Window(parts.Thread, parts.Room, input.Scroll, input.Columns),
                    ]
            ).Take(input.Rows - parts.Answer.Length),
            .. parts.Answer,
        ];
    }

    /// <summary>The rows that the text about a story fills with what the viewer writes there, up to the most there may be.</summary>
    public static int Rows(Model model, Story? story, ScreenLayout most)
    {
        if (story is null)
        {
            return most.IsFramed ? 0 : most.PanelRowsMaximum;
        }
        var input = PanelInput.From(model, story, most.Panel.Width, most.PanelRowsMaximum, most.IsFramed);
        return From(story.Id == model.ShownId ? input : input with { Dialog = null }).Length;
    }

    /// <summary>Who posted it, as the frame of the story says it. A long display name is cut, so that the handle can be read.</summary>
    public static ImmutableArray<Run> Author(Story story, string? album, int columns)
    {
        var (name, handle) = (SafeText.OneLine(story.Author.DisplayName), SafeText.OneLine(story.Author.Handle));
        var room = columns - Cells.Columns(handle) - 2;
        var isHandle = name.Length == 0 || name == handle || room < 3;
        return
        [
            new(isHandle ? $"@{handle}" : Cells.Cut(name, room), Tone.Strong),
            new(isHandle ? "" : $" @{handle}", Tone.Dim),
            new((album ?? story.Slot) is { } place ? $" · {SafeText.OneLine(place)}" : "", Tone.Accent),
        ];
    }

    /// <summary>How many rows of caption and thread are hidden: the limits of scrolling.</summary>
    public static (int Caption, int Replies) Hidden(Model model)
    {
        var layout = ScreenLayout.Of(model);
        if (model.Shown is not { } story || layout.Panel.Height == 0)
        {
            return (0, 0);
        }
        var input = PanelInput.From(model, layout);
        var parts = Parts(input, story);
        return (
            Cells.Wrap(parts.Said, input.Columns, CaptionRows).Length - parts.Caption.Length,
            Math.Max(0, parts.Thread.Length - Math.Max(1, parts.Room - 1))
        );
    }

    private sealed record PanelParts(
        Line[] Head,
        ImmutableArray<Line> Caption,
        Line[] Facts,
        ImmutableArray<Line> Thread,
        int Room,
        Line[] Answer,
        Run[] Said
    );

    private static PanelParts Parts(PanelInput input, Story story)
    {
        var author = input.IsFramed ? null : Head(input, story);
        var withAnswers = author is null ? null : FactsVm.AnswersBeside(author, input, story);
        Line[] head = (withAnswers ?? author) is { } line ? [line] : [];
        var answer =
            input.Dialog?.Lines(input.Columns, input.RowsMaximum).Take(Math.Max(1, input.Rows - head.Length)).ToArray()
            ?? (input.IsFramed && story.RepliesOn ? [Line.Text("› reply…", Tone.Dim)] : []);
        var rows = input.Rows - head.Length - answer.Length;
        Run[] words = [.. Caption(story, withTags: !input.IsFramed)];
        // A caption keeps a row.
        var room = Math.Max(0, rows - (words.Length > 0 ? 1 : 0));
        var facts = Fitted([.. FactsVm.From(input, story, withAnswers is not null)], room, input.Columns);
        // If there is no row for facts, the caption begins with the important ones.
        Run[] caption = [.. facts.Length > 0 ? [] : FactsVm.Marks(input, story), .. words];
        rows -= facts.Length;
        var thread = ThreadVm.From(input.Details?.Replies, story.ReplyCount, input.Zone!, input.Columns);
        // The caption keeps at least a row; the thread gets up to two thirds, and where rows are few it leaves them to the picture.
        room = Math.Min(thread.Length, Math.Min(rows * 2 / 3, input.IsFramed ? int.MaxValue : PlainThreadRows));
        if (input.Details?.Replies is null)
        {
            // Their rows stay free until they are there; nothing is cut yet.
            thread = [.. thread.Take(room)];
        }
        var said = Window(caption, input.Columns, Math.Max(rows > 0 ? 1 : 0, rows - room), input.CaptionScroll);
        return new(
            head,
            said,
            facts,
            thread,
            input.IsFramed ? rows - said.Length : Math.Min(rows - said.Length, PlainThreadRows),
            answer,
            caption
        );
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

    private static Line Head(PanelInput input, Story story)
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

    private static IEnumerable<Run> Caption(Story story, bool withTags)
    {
        if (!string.IsNullOrWhiteSpace(story.Caption))
        {
            yield return new(CleanText.Lines(story.Caption).Trim(), Tone.Plain);
        }
        if (withTags && story.Tags.Length > 0)
        {
            yield return new((string.IsNullOrWhiteSpace(story.Caption) ? "" : "  ") + FactsVm.Tags(story), Tone.Accent);
        }
    }
}
