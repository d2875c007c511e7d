using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.Screen;

/// <summary>Replies, oldest first: who, what, and when at the right. The end of the thread is shown.</summary>
internal static class ThreadVm
{
    private const int WidestAuthor = 14,
        RowsOfReply = 50;

    /// <param name="replies">Null: not loaded yet; their rows are kept free.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="zone">The viewer's time zone.</param>
    /// <param name="columns">The width.</param>
    public static ImmutableArray<Line> From(IEnumerable<Reply>? replies, int count, TimeZoneInfo zone, int columns)
    {
        if (replies is null)
        {
            return [.. Enumerable.Range(0, Math.Min(count, RowsOfReply)).Select(i => i == 0 ? Line.Text("…", Tone.Dim) : Line.Empty)];
        }
        var all = replies.ToArray();
        var author = Math.Min(
            Math.Min(WidestAuthor, columns / 3),
            all.Select(reply => Cells.Columns(SafeText.OneLine(reply.Author.Handle))).DefaultIfEmpty().Max()
        );
        return [.. all.SelectMany(reply => Rows(reply, author, zone, columns))];
    }

    /// <summary>The last rows that fit, or those before them. The first one says how much is cut, if anything is.</summary>
    public static ImmutableArray<Line> Window(ImmutableArray<Line> thread, int rows, int scroll, int columns)
    {
        if (thread.Length <= rows || rows < 2)
        {
            return rows < 1 ? [] : [.. thread.TakeLast(rows)];
        }
        var room = rows - 1;
        var end = Math.Clamp(thread.Length - scroll, Math.Min(room, thread.Length), thread.Length);
        var start = Math.Max(0, end - room);
        var title = "─ replies ─" + (start > 0 ? $" ▲ {start}" : "") + (end < thread.Length ? $" ▼ {thread.Length - end}" : "");
        return [Line.Text(Cells.Cut(title, columns), Tone.Dim), .. thread[start..end]];
    }

    private static IEnumerable<Line> Rows(Reply reply, int author, TimeZoneInfo zone, int columns)
    {
        var (name, time) = (Cells.Cut(SafeText.OneLine(reply.Author.Handle), author), Format.Time(reply.CreatedAt, zone));
        var room = Math.Max(1, columns - author - 2 - time.Length - 2);
        var said = Cells.Wrap([new(CleanText.Lines(reply.Text).Trim(), Tone.Plain)], room, RowsOfReply);
        for (var i = 0; i < said.Length; i++)
        {
            yield return new([
                new((i == 0 ? name : "") + new string(' ', author + 2 - (i == 0 ? Cells.Columns(name) : 0)), Tone.Strong),
                .. said[i].Runs,
                .. i > 0 ? (Run[])[] : [new(new string(' ', room - said[i].Columns + 2) + time, Tone.Dim)],
            ]);
        }
    }
}
