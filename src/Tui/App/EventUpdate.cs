using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

/// <summary>Applies events one by one, without moving what the viewer looks at.</summary>
internal static class EventUpdate
{
    public static Model Apply(Model model, StoryEvent happened) =>
        happened switch
        {
            { Type: EventTypes.Posted, Story: { } story } => Put(model, story),
            { Type: EventTypes.Removed or EventTypes.Expired, StoryId: { } id } => Remove(model, id),
            { Type: EventTypes.Expiring, Story: { } story } => Refresh(model, story)
                .Notify($"\"{Format.Title(story)}\" ends within the hour."),
            { Type: EventTypes.Reply, Story: { } story, Reply: { } reply } => Details.AddReply(
                Refresh(model, story),
                story.Id,
                reply,
                counts: false
            ),
            { Type: EventTypes.Mention, Story: { } story } => Mention(Refresh(model, story), story),
            { Type: EventTypes.Resolved, Story: { } story } => Resolve(model, story),
            { Type: EventTypes.TokenExpiring or EventTypes.AccessGiven } => AccessNotices.Apply(model, happened),
            // Events of a newer server may have other names; they bring the current story too.
            { Story: { } story } => Change(model, story),
            _ => model,
        };

    /// <summary>After missed events: loads everything nearby again. The screen stays as it is until then.</summary>
    public static Model Reload(Model model) =>
        model with
        {
            Tray = model.Tray with { Places = [.. model.Tray.Places.Select(place => place with { Loaded = null })] },
        };

    public static Model Remove(Model model, string storyId)
    {
        model = model with
        {
            Marks = model.Marks with { Gone = model.Marks.Gone.Add(storyId) },
            Link = model.Link with { TrayStale = model.Link.TrayStale || !Knows(model, storyId) },
        };
        return Removal.Without(model, story => story.Id == storyId);
    }

    /// <summary>Replaces a known story by its new version.</summary>
    public static Model Refresh(Model model, Story story)
    {
        if (story.ExpiresAt is { } end && end <= model.Now)
        {
            return Remove(model, story.Id);
        }
        var places = model.Tray.Places.Select(place =>
            place.IndexOf(story.Id) is var i and >= 0
                ? place with
                {
                    Item = place.Stories[i].Live && !story.Live ? Ended(place, story) : place.Item,
                    Stories = place.Stories.SetItem(
                        i,
                        story with
                        {
                            Viewed = story.Viewed || place.Stories[i].Viewed || model.Marks.Seen.Contains(story.Id),
                        }
                    ),
                }
                : place
        );
        // A kept story may have left tray and lists with this change, and does not say so.
        model = model with
        {
            Tray = model.Tray with { Places = [.. places] },
            Link = model.Link with { TrayStale = model.Link.TrayStale || story.KeptIn is not null },
        };
        return model.Dialog?.Refresh(model, story) ?? model;
    }

    public static Model Put(Model model, Story story)
    {
        if (model.Marks.Gone.Contains(story.Id) || story.ExpiresAt <= model.Now)
        {
            return model;
        }
        if (model.Tray.Places.Any(place => place.IndexOf(story.Id) >= 0))
        {
            return Refresh(model, story);
        }
        var key = new PlaceKey(story.Author.Handle, story.Slot);
        var place = model.Tray.IndexOf(key) is var i and >= 0 ? model.Tray.Places[i] : null;
        if (place is { IsCurrent: false } && story.CreatedAt <= place.Item.LatestAt)
        {
            // The tray counts it already; the stories of the place have not arrived yet.
            return model;
        }
        var item = Counting(place?.Item, story);
        model = TrayUpdate.Tray(
            model,
            [.. model.Tray.Places.Where(other => !other.IsAlbum && other.Key != key).Select(other => other.Item).Prepend(item)]
        );
        if (place is { IsCurrent: false })
        {
            return model;
        }
        var told = model.Tray.Places[model.Tray.IndexOf(key)];
        var known = told with
        {
            Stories = place is null || story.Slot is not null ? [story] : Inserted(place.Stories, story),
            Loaded = told.Version,
        };
        model = model.With(known);
        if (model.Tray.Open != key || known.IndexOf(model.ShownId) >= 0)
        {
            return model;
        }
        var isReplaced = place?.IndexOf(model.ShownId) >= 0;
        model = Navigation.Enter(model, known, Entry.FirstUnseen);
        return isReplaced ? model.Notify($"@{story.Author.Handle} posted a newer story in {story.Slot}: you see that one now.") : model;
    }

    /// <summary>Muted stories do not call for attention.</summary>
    private static Model Mention(Model model, Story story) =>
        story.Muted ? model : model.Notify($"@{story.Author.Handle} mentions you: {Format.Title(story)}");

    /// <summary>The tray may show a command that has ended as running, where the stories of the place are not loaded.</summary>
    private static Model Change(Model model, Story story)
    {
        var refreshed = Refresh(model, story);
        return
            !story.Live
            && model.Tray.IndexOf(new(story.Author.Handle, story.Slot)) is var i and >= 0
            && model.Tray.Places[i] is { IsCurrent: false, Item.Live: true }
            ? refreshed with
            {
                Link = refreshed.Link with { TrayStale = true },
            }
            : refreshed;
    }

    /// <summary>The newest story of a place says how its command ended.</summary>
    private static TrayItem Ended(Place place, Story story) =>
        place.IsAlbum || place.Stories.LastOrDefault(other => !other.Muted || place.Item.Muted)?.Id != story.Id
            ? place.Item
            : place.Item with
            {
                Status = story.Source?.Status,
            };

    private static Model Resolve(Model model, Story story)
    {
        var refreshed = Refresh(model, story);
        return refreshed with { Link = refreshed.Link with { TrayStale = model.Link.TrayStale || !Knows(model, story.Id) } };
    }

    private static bool Knows(Model model, string storyId) => model.Tray.Places.Any(place => place.IndexOf(storyId) >= 0);

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
            Live = story is { Live: true, Muted: false },
            Muted = story.Muted && item?.Muted != false,
        };
        return item is null || story.Slot is not null
            ? only
            : only with
            {
                Total = item.Total + 1,
                Unseen = item.Unseen + unseen,
                Live = only.Live || item.Live,
            };
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
