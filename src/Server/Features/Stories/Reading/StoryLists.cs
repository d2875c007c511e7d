using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;

namespace StoriesCli.Server.Features.Stories;

/// <summary>The stories that one account may see, as lists.</summary>
internal sealed class StoryLists(
    StoryStore stories,
    StoryView view,
    CountedTrays trays,
    RenderedStories rendered,
    AccountStore accounts,
    StoryScanner scans,
    TimeProvider time
)
{
    /// <param name="viewer">Who asks.</param>
    /// <param name="filter">Which stories to return.</param>
    /// <param name="ownOnly">Returns only the account's own stories, for a token that may only post.</param>
    /// <param name="cancel">Cancels the search.</param>
    public async Task<StoryPage> ListAsync(ViewerContext viewer, StoryFilter filter, bool ownOnly, CancellationToken cancel)
    {
        var found = await FindAsync(viewer, filter, entry => !ownOnly || entry.Author == viewer.Account, filter.Limit + 1, cancel)
            .ConfigureAwait(false);
        var next = found.Count > filter.Limit ? found[filter.Limit - 1].Row.Id : null;
        return new(rendered, viewer, StillVisible(viewer, found.Take(filter.Limit)), next);
    }

    /// <summary>As <see cref="ListAsync"/>, newest first.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="filter">Which stories to return.</param>
    /// <param name="isWanted">An additional condition, which must be cheap.</param>
    /// <param name="maximum">Maximum number of stories.</param>
    /// <param name="cancel">Cancels the search.</param>
    public async Task<List<StoryEntry>> MatchingAsync(
        ViewerContext viewer,
        StoryFilter filter,
        Func<StoryEntry, bool> isWanted,
        int maximum,
        CancellationToken cancel
    ) => [.. StillVisible(viewer, await FindAsync(viewer, filter, isWanted, maximum, cancel).ConfigureAwait(false))];

    private Task<List<StoryEntry>> FindAsync(
        ViewerContext viewer,
        StoryFilter filter,
        Func<StoryEntry, bool> isWanted,
        int maximum,
        CancellationToken cancel
    ) =>
        FindAsync(
            viewer,
            Candidates.Of(viewer, trays, filter, filter.Author is { } handle ? accounts.Find(handle)?.Number : null),
            row => filter.Matches(row, viewer, accounts.GetPerson) && isWanted(viewer.Stories.ById[row.Id]),
            maximum,
            cancel
        );

    /// <summary>Stories that answer a question and that the viewer may see, newest first.</summary>
    public async Task<List<StoryEntry>> AnsweringAsync(ViewerContext viewer, string question, CancellationToken cancel)
    {
        var answers = Candidates.NewestFirst(viewer, viewer.Stories.In(StorySet.With(StoryTrait.Answers, question)), before: null);
        var found = await FindAsync(
                viewer,
                answers,
                row => row.Answers == question && !row.IsReplacedFor(viewer.Account),
                int.MaxValue,
                cancel
            )
            .ConfigureAwait(false);
        return [.. StillVisible(viewer, found)];
    }

    /// <summary>An author's highlights, by name, as far as the viewer may see their stories.</summary>
    public Highlight[] HighlightsOf(int author, ViewerContext viewer) =>
        [
            .. viewer
                .Stories.Highlights.Keys.Where(key => key.Author == author)
                .OrderBy(key => key.Name, StringComparer.Ordinal)
                .Select(key => (key.Name, Stories: Kept(author, key.Name, viewer)))
                .Where(highlight => highlight.Stories.Length > 0)
                .Select(highlight => new Highlight
                {
                    Name = highlight.Name,
                    Count = highlight.Stories.Length,
                    FirstId = highlight.Stories[0].Id,
                    LatestAt = highlight.Stories.Max(story => story.CreatedAt),
                }),
        ];

    /// <summary>Stories of a highlight that the viewer may see, in the author's order; empty when there is no such highlight.</summary>
    public Story[] Kept(int author, string name, ViewerContext viewer) =>
        [
            .. viewer
                .Stories.KeptIn(author, name)
                .Select(id => viewer.Stories.ById[id])
                .Where(entry => entry.Row.IsVisibleTo(viewer.Account))
                .Select(entry => view.Of(entry, viewer)),
        ];

    /// <summary>Stories of any author that were kept since a time and that the viewer may see; the one kept last comes first.</summary>
    public static IEnumerable<StoryEntry> KeptSince(ViewerContext viewer, DateTimeOffset since) =>
        viewer
            .Stories.Highlights.Values.SelectMany(ids => ids)
            .Select(id => viewer.Stories.ById[id])
            .Where(entry => (entry.Row.KeptAt ?? entry.Row.CreatedAt) >= since && entry.Row.IsVisibleTo(viewer.Account))
            .OrderByDescending(entry => entry.Row.KeptAt ?? entry.Row.CreatedAt)
            .ThenByDescending(entry => entry.Row.Id, StringComparer.Ordinal);

    /// <summary>Active stories that the viewer may see, in the viewer's snapshot.</summary>
    private async Task<List<StoryEntry>> FindAsync(
        ViewerContext viewer,
        IEnumerable<StoryRow> candidates,
        Func<StoryRow, bool> isWanted,
        int maximum,
        CancellationToken cancel
    )
    {
        var rows = await scans
            .FindAsync(candidates, row => row.IsListed(viewer.Now) && row.IsVisibleTo(viewer.Account) && isWanted(row), maximum, cancel)
            .ConfigureAwait(false);
        return rows.ConvertAll(row => viewer.Stories.ById[row.Id]);
    }

    /// <summary>A search takes time: looks once more, and drops stories that expired, ended or became invisible meanwhile.</summary>
    private IEnumerable<StoryEntry> StillVisible(ViewerContext viewer, IEnumerable<StoryEntry> found)
    {
        var model = stories.Current;
        var now = time.GetUtcNow();
        return found.Where(it =>
            (ReferenceEquals(model, viewer.Stories) ? it : model.ById.GetValueOrDefault(it.Id)) is { Row: var row }
            && row.IsListed(now)
            && row.IsVisibleTo(viewer.Account)
        );
    }
}
