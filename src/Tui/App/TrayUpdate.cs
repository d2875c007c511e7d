using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Applies the tray and its stories, without moving what the viewer looks at.</summary>
internal static class TrayUpdate
{
    public static Model Tray(Model model, ImmutableArray<TrayItem> told)
    {
        ImmutableArray<TrayItem> items = [.. told.DistinctBy(PlaceKey.Of)];
        var first = model.Tray.Places.IsEmpty;
        var openIndex = model.Tray.OpenIndex;
        var atStart = !model.Tray.HasArrived;
        model = atStart ? model with { Tray = model.Tray with { HasArrived = true } } : model;
        var places = first ? Sorted(model, items) : Merged(model, items);
        if (places.SequenceEqual(model.Tray.Places))
        {
            return model;
        }
        model = model with { Tray = model.Tray with { Places = places } };
        if (model.Tray.Chosen is { } chosen && model.Tray.IndexOf(chosen) < 0)
        {
            model = model with { Tray = model.Tray with { Chosen = null } };
        }
        if (places.IsEmpty)
        {
            return Navigation.Show(model, null, null);
        }
        if (model.Tray.IsCaughtUp)
        {
            return model;
        }
        // Somebody with no stories but their own came to look at those.
        if (
            model.Tray.Open is null
            && atStart
            && places.All(place => place.Unseen == 0)
            && places.Any(place => place.Key.Handle != model.Session.Me)
        )
        {
            return CaughtUp.Begin(model);
        }
        if (model.Tray.Open is null)
        {
            return Navigation.Enter(model, places.FirstOrDefault(p => p.Unseen > 0) ?? places[0], Entry.FirstUnseen);
        }
        return model.Tray.OpenIndex >= 0
            ? model
            : Navigation.Enter(model, places[Math.Clamp(openIndex, 0, places.Length - 1)], Entry.FirstUnseen);
    }

    public static Model Stories(Model model, ServerMsg.StoriesArrived arrived)
    {
        if (model.Tray.IndexOf(arrived.Key) is not (var i and >= 0))
        {
            return model;
        }
        var stories = arrived
            .Stories.Where(story => (story.ExpiresAt is not { } end || end > model.Now) && !model.Marks.Gone.Contains(story.Id))
            .Select(story => model.Marks.Seen.Contains(story.Id) ? story with { Viewed = true } : story)
            .OrderBy(story => story.Id, StringComparer.Ordinal);
        var place = model.Tray.Places[i] with { Stories = [.. stories], Loaded = arrived.Version };
        model = model with { Tray = model.Tray with { Places = model.Tray.Places.SetItem(i, Counted(model, place)) } };
        if (place.Stories.IsEmpty)
        {
            return Removal.DropEmpty(model);
        }
        return model.Tray.Open == place.Key && place.IndexOf(model.ShownId) < 0 ? Navigation.Enter(model, place, model.Entry) : model;
    }

    /// <summary>The server's order (unseen first, then newest) in groups, with the viewer's own place last.</summary>
    private static ImmutableArray<Place> Sorted(Model model, ImmutableArray<TrayItem> items) =>
        Grouped(model, items.Select(item => new Place(item)));

    /// <summary>
    /// Places keep their order, so that → goes where the eye expects, until somebody has something new: then it is unseen first,
    /// the newest last of them, where → will reach it, and what was seen goes behind. The open place stays where it stands.
    /// </summary>
    private static ImmutableArray<Place> Merged(Model model, ImmutableArray<TrayItem> items)
    {
        var told = items.ToDictionary(PlaceKey.Of);
        var merged = new List<Place>();
        foreach (var place in model.Tray.Places)
        {
            if (place.IsAlbum)
            {
                merged.Add(place);
            }
            else if (told.TryGetValue(place.Key, out var item))
            {
                var counted = Counted(model, place with { Item = item });
                if (place.Unseen > 0 || counted.Unseen == 0 || place.Key == model.Tray.Open)
                {
                    told.Remove(place.Key);
                    merged.Add(counted == place ? place : counted);
                }
            }
        }
        var come = items
            .Where(item => told.ContainsKey(PlaceKey.Of(item)))
            .Select(item =>
                model.Tray.IndexOf(PlaceKey.Of(item)) is var i and >= 0 ? model.Tray.Places[i] with { Item = item } : new Place(item)
            )
            .ToArray();
        return come.Length == 0 ? [.. merged] : Grouped(model, merged.Concat(come));
    }

    private static ImmutableArray<Place> Grouped(Model model, IEnumerable<Place> places) =>
        [
            .. places
                .Select(place => place.IsAlbum ? place : place with { Group = GroupOf(model, place) })
                .OrderBy(place => place.Group)
                .ThenBy(place => place.Group == PlaceGroup.Pipelines && place.Unseen == 0)
                .ThenBy(place => place.Group == PlaceGroup.Seen && place.Key.Handle == model.Session.Me),
        ];

    private static PlaceGroup GroupOf(Model model, Place place) =>
        place.Item is { Slot: not null, Status: not null } or { Slot: not null, Live: true } ? PlaceGroup.Pipelines
        // The viewer's own are never new.
        : place.Unseen > 0 || (place.Key == model.Tray.Open && place.Key.Handle != model.Session.Me) ? PlaceGroup.New
        : PlaceGroup.Seen;

    /// <summary>Counts the loaded stories: the tray may not know yet what was seen here.</summary>
    private static Place Counted(Model model, Place place)
    {
        if (!place.IsCurrent)
        {
            return place;
        }
        var unseen = Math.Min(place.Item.Unseen, place.Stories.Count(story => Place.IsUnseen(model, story)));
        return place.Item.Unseen == unseen ? place : place with { Item = place.Item with { Unseen = unseen } };
    }
}
