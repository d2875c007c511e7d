using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

/// <summary>Takes in what the server tells, without moving what the viewer looks at.</summary>
internal static class TrayUpdate
{
    public static Model Tray(Model s, ImmutableArray<TrayItem> told)
    {
        ImmutableArray<TrayItem> items = [.. told.DistinctBy(PlaceKey.Of)];
        var first = s.Places.IsEmpty;
        var openIndex = s.OpenIndex;
        var places = first ? Sorted(s, items) : Merged(s, items);
        if (places.SequenceEqual(s.Places))
        {
            return s;
        }
        s = s with { Places = places, TrayLead = Lead(s, places) };
        if (s.Chosen is { } chosen && s.IndexOf(chosen) < 0)
        {
            s = s with { Chosen = null };
        }
        if (places.IsEmpty)
        {
            return Navigation.Show(s, null, null);
        }
        if (s.Open is null)
        {
            return Navigation.Enter(s, places.FirstOrDefault(p => p.Unseen > 0) ?? places[0], Entry.FirstUnseen);
        }
        return s.OpenIndex >= 0 ? s : Navigation.Enter(s, places[Math.Clamp(openIndex, 0, places.Length - 1)], Entry.FirstUnseen);
    }

    public static Model Stories(Model s, ServerMsg.StoriesArrived arrived)
    {
        if (s.IndexOf(arrived.Key) is not (var i and >= 0))
        {
            return s;
        }
        var stories = arrived
            .Stories.Where(story => (story.ExpiresAt is not { } end || end > s.Now) && !s.Gone.Contains(story.Id))
            .Select(story => s.Seen.Contains(story.Id) ? story with { Viewed = true } : story)
            .OrderBy(story => story.Id, StringComparer.Ordinal);
        var place = s.Places[i] with { Stories = [.. stories], Loaded = arrived.Version };
        s = s with { Places = s.Places.SetItem(i, Counted(s, place)) };
        if (place.Stories.IsEmpty)
        {
            return Removal.DropEmpty(s);
        }
        return s.Open == place.Key && place.IndexOf(s.ShownId) < 0 ? Navigation.Enter(s, place, s.Entry) : s;
    }

    /// <summary>What stood before the open place and went behind leaves its room empty, so that nothing moves under the viewer's eyes.</summary>
    private static int Lead(Model s, ImmutableArray<Place> places)
    {
        var still = places.TakeWhile(place => place.Key != s.Open).Select(place => place.Key).ToHashSet();
        return s.OpenIndex < 0
            ? 0
            : s.TrayLead
                + s.Places.Take(s.OpenIndex)
                    .Where(place => !still.Contains(place.Key) && places.Any(other => other.Key == place.Key))
                    .Sum(place => TrayVm.ColumnsOf(s, place));
    }

    /// <summary>The server's order (unseen first, then newest), with the viewer's own place last.</summary>
    private static ImmutableArray<Place> Sorted(Model s, ImmutableArray<TrayItem> items) =>
        [.. items.Select(item => new Place(item)).OrderBy(p => p.Key.Handle == s.Me)];

    /// <summary>
    /// Places keep their order, so that → goes where the eye expects, until somebody has something new: then it is unseen first,
    /// the newest last of them, where → will reach it, and what was seen goes behind. The open place stays where it stands.
    /// </summary>
    private static ImmutableArray<Place> Merged(Model s, ImmutableArray<TrayItem> items)
    {
        var told = items.ToDictionary(PlaceKey.Of);
        var merged = new List<Place>();
        foreach (var place in s.Places)
        {
            if (place.IsAlbum)
            {
                merged.Add(place);
            }
            else if (told.TryGetValue(place.Key, out var item))
            {
                var counted = Counted(s, place with { Item = item });
                if (place.Unseen > 0 || counted.Unseen == 0 || place.Key == s.Open)
                {
                    told.Remove(place.Key);
                    merged.Add(counted == place ? place : counted);
                }
            }
        }
        var come = items
            .Where(item => told.ContainsKey(PlaceKey.Of(item)))
            .Select(item => s.IndexOf(PlaceKey.Of(item)) is var i and >= 0 ? s.Places[i] with { Item = item } : new Place(item))
            .ToArray();
        return come.Length == 0 ? [.. merged] : [.. merged.Concat(come).OrderBy(place => Rank(s, place))];
    }

    private static int Rank(Model s, Place place) =>
        place.Unseen > 0 || place.Key == s.Open ? 0
        : place.Key.Handle != s.Me ? 1
        : 2;

    /// <summary>Where the stories are known, they are counted: the tray may not have heard yet of what was seen here.</summary>
    private static Place Counted(Model s, Place place)
    {
        if (!place.IsCurrent)
        {
            return place;
        }
        var unseen = Math.Min(place.Item.Unseen, place.Stories.Count(story => Place.IsUnseen(s, story)));
        return place.Item.Unseen == unseen ? place : place with { Item = place.Item with { Unseen = unseen } };
    }
}
