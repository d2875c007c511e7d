using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.Screen;

/// <summary>Replies, oldest first. The end of the thread is shown.</summary>
internal static class ThreadVm
{
    private const string Title = "─ replies ─";

    public static ImmutableArray<Line> From(IEnumerable<Reply> replies, TimeZoneInfo zone, int columns) =>
        [
            .. replies.SelectMany(reply =>
                Cells.Wrap(
                    [
                        new(SafeText.OneLine(reply.Author.Handle), Tone.Strong),
                        new("  " + CleanText.Lines(reply.Text).Trim(), Tone.Plain),
                        new("  " + Format.Time(reply.CreatedAt, zone), Tone.Dim),
                    ],
                    columns,
                    50
                )
            ),
        ];

    /// <summary>The last rows that fit below the title, or those before them.</summary>
    public static ImmutableArray<Line> Window(ImmutableArray<Line> thread, int rows, int scroll, int columns)
    {
        if (thread.IsEmpty || rows < 2)
        {
            return thread.IsEmpty || rows < 1 ? [] : [thread[^1]];
        }
        var room = rows - 1;
        var end = Math.Clamp(thread.Length - scroll, Math.Min(room, thread.Length), thread.Length);
        var start = Math.Max(0, end - room);
        var title = Title + (start > 0 ? $" ▲ {start}" : "") + (end < thread.Length ? $" ▼ {thread.Length - end}" : "");
        return [Line.Text(Cells.Cut(title, columns), Tone.Dim), .. thread[start..end]];
    }
}
