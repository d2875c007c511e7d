using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

/// <summary>Takes in events, one by one, without moving what the viewer looks at.</summary>
internal static class EventUpdate
{
    public static Model Apply(Model s, StoryEvent happened) =>
        happened switch
        {
            { Type: EventTypes.Posted, Story: { } story } => Put(s, story),
            { Type: EventTypes.Removed or EventTypes.Expired, StoryId: { } id } => Remove(s, id),
            { Type: EventTypes.Expiring, Story: { } story } => Refresh(s, story).Notify($"\"{Format.Title(story)}\" ends within the hour."),
            { Type: EventTypes.Reply, Story: { } story, Reply: { } reply } => Details.AddReply(
                Refresh(s, story),
                story.Id,
                reply,
                counts: false
            ),
            { Type: EventTypes.Mention, Story: { } story } => Mention(Refresh(s, story), story),
            { Type: EventTypes.Resolved, Story: { } story } => Refresh(s, story) with { TrayStale = s.TrayStale || !Knows(s, story.Id) },
            { Type: EventTypes.TokenExpiring or EventTypes.AccessGiven } => AccessNotices.Apply(s, happened),
            // A newer server's events show the story as it is by now, whatever they are called.
            { Story: { } story } => Refresh(s, story),
            _ => s,
        };

    /// <summary>Events were missed: everything that is near is loaded anew, and what is shown stays until then.</summary>
    public static Model Reload(Model s) => s with { Places = [.. s.Places.Select(place => place with { Loaded = null })] };

    public static Model Remove(Model s, string storyId)
    {
        s = s with { Gone = s.Gone.Add(storyId), TrayStale = s.TrayStale || !Knows(s, storyId) };
        return Removal.Without(s, story => story.Id == storyId);
    }

    /// <summary>A story that is known shows what it has become.</summary>
    public static Model Refresh(Model s, Story story)
    {
        if (story.ExpiresAt is { } end && end <= s.Now)
        {
            return Remove(s, story.Id);
        }
        var places = s.Places.Select(place =>
            place.IndexOf(story.Id) is var i and >= 0
                ? place with
                {
                    Stories = place.Stories.SetItem(
                        i,
                        story with
                        {
                            Viewed = story.Viewed || place.Stories[i].Viewed || s.Seen.Contains(story.Id),
                        }
                    ),
                }
                : place
        );
        // A kept story may have left tray and lists with this: it does not say so itself.
        s = s with
        {
            Places = [.. places],
            TrayStale = s.TrayStale || story.KeptIn is not null,
        };
        return s.Dialog?.Refresh(s, story) ?? s;
    }

    public static Model Put(Model s, Story story)
    {
        if (s.Gone.Contains(story.Id) || story.ExpiresAt <= s.Now)
        {
            return s;
        }
        if (s.Places.Any(place => place.IndexOf(story.Id) >= 0))
        {
            return Refresh(s, story);
        }
        var key = new PlaceKey(story.Author.Handle, story.Slot);
        var place = s.IndexOf(key) is var i and >= 0 ? s.Places[i] : null;
        if (place is { IsCurrent: false } && story.CreatedAt <= place.Item.LatestAt)
        {
            // The tray has counted it; the place's stories are still on their way.
            return s;
        }
        var item = Counting(place?.Item, story);
        s = TrayUpdate.Tray(s, [.. s.Places.Where(other => !other.IsAlbum && other.Key != key).Select(other => other.Item).Prepend(item)]);
        if (place is { IsCurrent: false })
        {
            return s;
        }
        var told = s.Places[s.IndexOf(key)];
        var known = told with
        {
            Stories = place is null || story.Slot is not null ? [story] : Inserted(place.Stories, story),
            Loaded = told.Version,
        };
        s = s.With(known);
        return s.Open == key && known.IndexOf(s.ShownId) < 0 ? Navigation.Enter(s, known, Entry.FirstUnseen) : s;
    }

    /// <summary>Nothing that is muted calls out.</summary>
    private static Model Mention(Model s, Story story) =>
        story.Muted ? s : s.Notify($"@{story.Author.Handle} mentions you: {Format.Title(story)}");

    private static bool Knows(Model s, string storyId) => s.Places.Any(place => place.IndexOf(storyId) >= 0);

    private static TrayItem Counting(TrayItem? item, Story story)
    {
        var unseen = story.Viewed || story.Muted ? 0 : 1;
        var only = new TrayItem
        {
            Author = story.Author,
            Slot = story.Slot,
            Status = story.Muted && item?.Muted != true ? item?.Status : story.Source?.Status,
            Total = 1,
            Unseen = unseen,
            LatestAt = story.CreatedAt,
            Muted = story.Muted && item?.Muted != false,
        };
        return item is null || story.Slot is not null ? only : only with { Total = item.Total + 1, Unseen = item.Unseen + unseen };
    }

    private static ImmutableArray<Story> Inserted(ImmutableArray<Story> stories, Story story)
    {
        var at = stories.Length;
        while (at > 0 && string.CompareOrdinal(stories[at - 1].Id, story.Id) > 0)
        {
            at--;
        }
        return stories.Insert(at, story);
    }
}
