using StoriesCli.Contracts;
using StoriesCli.Server.Accounts;
using StoriesCli.Server.Mutes;

namespace StoriesCli.Server.Stories;

/// <summary>What one account may see, as a list and as the tray.</summary>
internal sealed class StoryLists(StoryStore stories, StoryView view, AccountStore accounts, MuteStore mutes, TimeProvider time)
{
    /// <param name="viewer">Whose list it is.</param>
    /// <param name="filter">What it asks for.</param>
    /// <param name="ownOnly">Leaves out everybody else's, for a token that may only post.</param>
    public Page<Story> List(int viewer, StoryFilter filter, bool ownOnly)
    {
        var found = Matching(viewer, filter).Where(e => !ownOnly || e.Row.Author == viewer).Take(filter.Limit + 1).ToList();
        var more = found.Count > filter.Limit;
        if (more)
        {
            found.RemoveAt(filter.Limit);
        }
        return new() { Items = [.. found.Select(e => view.Of(e, viewer))], NextCursor = more ? found[^1].Row.Id : null };
    }

    /// <summary>As <see cref="List"/>, newest first, and all of it.</summary>
    public IEnumerable<StoryEntry> Matching(int viewer, StoryFilter filter)
    {
        var muting = mutes.Of(viewer);
        return Visible(viewer, filter.Before).Where(e => filter.Matches(e, viewer, muting, accounts));
    }

    public TrayItem[] Tray(int viewer) => Tray(viewer, mutes.Of(viewer));

    /// <summary>The stories that answer a question, newest first, as far as the viewer may see them.</summary>
    public Story[] Answering(int viewer, string question) =>
        [.. Visible(viewer, before: null).Where(e => e.Row.Answers == question && !e.Row.IsReplacedFor(viewer)).Select(e => view.Of(e, viewer))];

    private TrayItem[] Tray(int viewer, Muting muting) =>
    [
        .. Visible(viewer, before: null)
            .Where(e => !e.Row.IsReplacedFor(viewer))
            .GroupBy(e => (e.Row.Author, e.Row.Slot))
            .Select(place => ToTrayItem(viewer, muting, [.. place]))
            .OrderByDescending(item => item.Unseen > 0)
            .ThenByDescending(item => item.LatestAt),
    ];

    private TrayItem ToTrayItem(int viewer, Muting muting, List<StoryEntry> newestFirst)
    {
        var unseen = newestFirst.Where(e => e.IsUnseenBy(viewer, muting)).ToList();
        var latest = newestFirst[0].Row;
        // What is muted calls out for nothing; of a place that is muted as a whole that is said, and how it stands.
        var isMuted = newestFirst.All(e => e.IsMuted(muting));
        var heard = isMuted ? newestFirst : [.. newestFirst.Where(e => !e.IsMuted(muting))];
        return new()
        {
            Author = accounts.GetPerson(latest.Author),
            Slot = latest.Slot,
            Status = heard[0].Row.Source?.Status,
            Total = newestFirst.Count,
            Unseen = unseen.Count,
            LatestAt = latest.CreatedAt,
            FirstExpiryAt = newestFirst.Min(e => e.Row.ExpiresAt),
            FirstUnseenId = unseen.Count == 0 ? null : unseen[^1].Row.Id,
            OpenHelp = heard.Count(e => e.Row.HasOpenHelp),
            ResolvedHelp = heard.Count(e => e.Row.AsksHelp && !e.Row.HasOpenHelp),
            Muted = isMuted,
        };
    }

    /// <summary>Somebody's highlights, by name, as far as the viewer may see their stories.</summary>
    public Highlight[] HighlightsOf(int author, int viewer) =>
    [
        .. stories.Current.Highlights.Keys.Where(key => key.Author == author).OrderBy(key => key.Name, StringComparer.Ordinal)
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

    /// <summary>The stories of a highlight that the viewer may see, in their author's order; none when there is no such highlight.</summary>
    public Story[] Kept(int author, string name, int viewer)
    {
        var model = stories.Current;
        return [.. model.KeptIn(author, name).Select(id => model.ById[id]).Where(entry => entry.Row.IsVisibleTo(viewer)).Select(entry => view.Of(entry, viewer))];
    }

    /// <summary>What the viewer may see of the stories that were kept since an instant, whosever: the one kept last stands first.</summary>
    public IEnumerable<StoryEntry> KeptSince(int viewer, DateTimeOffset since)
    {
        var model = stories.Current;
        return model.Highlights.Values.SelectMany(ids => ids).Select(id => model.ById[id])
            .Where(entry => (entry.Row.KeptAt ?? entry.Row.CreatedAt) >= since && entry.Row.IsVisibleTo(viewer))
            .OrderByDescending(entry => entry.Row.KeptAt ?? entry.Row.CreatedAt).ThenByDescending(entry => entry.Row.Id, StringComparer.Ordinal);
    }

    /// <summary>Active stories, newest first, from one moment's model.</summary>
    private IEnumerable<StoryEntry> Visible(int viewer, string? before)
    {
        var model = stories.Current;
        var now = time.GetUtcNow();
        var position = before is null ? model.Order.Count : model.Order.IndexOf(before);
        for (var i = (position < 0 ? ~position : position) - 1; i >= 0; i--)
        {
            var entry = model.ById[model.Order[i]];
            if (entry.Row.IsListed(now) && entry.Row.IsVisibleTo(viewer))
            {
                yield return entry;
            }
        }
    }
}
