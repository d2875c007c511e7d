using StoriesCli.Contracts;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Finds few stories that hold all of a list's, so that its cost does not grow with the number of all stories.</summary>
internal static class Candidates
{
    /// <summary>Stories that hold all of a filter's which the viewer may see, newest first.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="trays">Says where the viewer has unseen stories.</param>
    /// <param name="filter">The filter, which must still be asked for each of them.</param>
    /// <param name="author">Number of the filter's author, if it is an account.</param>
    public static IEnumerable<StoryRow> Of(ViewerContext viewer, CountedTrays trays, StoryFilter filter, int? author)
    {
        if (filter.Author is not (null or Names.LeftHandle) && author is null)
            return [];
        var fewest = viewer.Stories.In(StorySet.All);
        foreach (var set in filter.Sets(author))
            if (viewer.Stories.In(set) is var stories && stories.Count < fewest.Count)
                fewest = stories;
        // No tray counts replaced stories, which only a history shows.
        if (filter is { Unseen: true, History: false } && trays.Of(viewer) is var tray && tray.Unseen <= fewest.Count)
            return UnseenNewestFirst(viewer, tray, filter.Before);
        return NewestFirst(viewer, fewest, filter.Before);
    }

    /// <summary>Stories of a set, and the kept ones that are still listed, which are in no set.</summary>
    public static IEnumerable<StoryRow> NewestFirst(ViewerContext viewer, SortedTree<StoryRow> stories, string? before)
    {
        var kept = KeptOldestFirst(viewer, before);
        for (var i = stories.CountBefore(before); --i >= 0; )
        {
            var row = stories[i];
            for (; kept is [.., var newer] && string.CompareOrdinal(newer.Id, row.Id) > 0; kept.RemoveAt(kept.Count - 1))
                yield return newer;
            yield return row;
        }
        for (var i = kept.Count; --i >= 0; )
            yield return kept[i];
    }

    /// <summary>
    /// Candidates, newest first: every unseen story that the account may see, and between them some that it has seen. Shelves
    /// without unseen stories are left out, others end with their oldest unseen one.
    /// </summary>
    /// <param name="viewer">Who has not seen them.</param>
    /// <param name="tray">The viewer's tray.</param>
    /// <param name="before">Only stories older than the one with this id; null for all.</param>
    private static IEnumerable<StoryRow> UnseenNewestFirst(ViewerContext viewer, Tray tray, string? before)
    {
        // The newest story comes out of the queue first.
        var next = new PriorityQueue<IEnumerator<StoryRow>, string>(Comparer<string>.Create((a, b) => string.CompareOrdinal(b, a)));
        foreach (var shelf in tray.UnseenShelves)
            Enqueue(next, Down(shelf, viewer, before).GetEnumerator());
        // Kept stories stand on no shelf.
        Enqueue(next, KeptOldestFirst(viewer, before).AsEnumerable().Reverse().GetEnumerator());
        while (next.TryDequeue(out var stories, out _))
        {
            yield return stories.Current;
            Enqueue(next, stories);
        }
    }

    private static IEnumerable<StoryRow> Down(Shelf shelf, ViewerContext viewer, string? before)
    {
        var first = shelf.FirstUnseen(viewer.Account);
        for (var i = shelf.Rows.CountBefore(before); --i >= first; )
            yield return shelf.Rows[i];
    }

    private static List<StoryRow> KeptOldestFirst(ViewerContext viewer, string? before) =>
        [
            .. viewer
                .Stories.Times.KeptAndListed(viewer.Now)
                .Where(row => before is null || string.CompareOrdinal(row.Id, before) < 0)
                .OrderBy(row => row.Id, StringComparer.Ordinal),
        ];

    private static void Enqueue(PriorityQueue<IEnumerator<StoryRow>, string> next, IEnumerator<StoryRow> stories)
    {
        if (stories.MoveNext())
            next.Enqueue(stories, stories.Current.Id);
        else
            stories.Dispose();
    }
}
