using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Takes stories away that are gone, and shows what follows when the shown one is among them.</summary>
internal static class Removal
{
    public static Model Expire(Model s) => Without(s, story => story.ExpiresAt is { } end && end <= s.Now);

    /// <summary>From tray and albums, or else from the archive alone: what is there has expired long ago.</summary>
    public static Model Without(Model s, Func<Story, bool> gone, bool inArchive = false)
    {
        if (!s.Places.Any(place => place.IsArchive == inArchive && place.Stories.Any(gone)))
        {
            return s;
        }
        var shownGoes = s.Shown is { } shown && s.OpenPlace!.IsArchive == inArchive && gone(shown);
        var follows = shownGoes ? s.OpenPlace!.Stories.Skip(s.OpenPlace.IndexOf(s.ShownId)).FirstOrDefault(story => !gone(story)) : null;
        s = s with { Places = [.. s.Places.Select(place => place.IsArchive == inArchive ? Thinned(place, gone) : place)] };
        if (shownGoes && follows is not null)
        {
            s = Navigation.Show(s, s.Open, follows.Id);
        }
        else if (shownGoes)
        {
            s = AfterLast(s with { ShownId = null });
        }
        return DropEmpty(s);
    }

    /// <summary>Takes places away whose stories are all gone.</summary>
    public static Model DropEmpty(Model s)
    {
        var index = s.OpenIndex;
        var places = s.Places.RemoveAll(IsEmptied);
        if (places.Length == s.Places.Length)
        {
            return s;
        }
        var openGoes = index >= 0 && IsEmptied(s.Places[index]);
        var follows = openGoes ? places.Length - s.Places.Skip(index).Count(place => !IsEmptied(place)) : 0;
        s = s with { Places = places, Chosen = null };
        return !openGoes ? s
            : places.IsEmpty ? Navigation.Show(s, null, null)
            : follows < places.Length ? Navigation.Enter(s, places[follows], Entry.FirstUnseen)
            : Navigation.Enter(s, places[^1], Entry.Last);
    }

    /// <summary>The open place has no story after the one that went: the next place's turn, else its own last one.</summary>
    private static Model AfterLast(Model s)
    {
        var next = s.Places.Skip(s.OpenIndex + 1).FirstOrDefault(place => !IsEmptied(place));
        return next is not null ? Navigation.Enter(s, next, Entry.FirstUnseen) : Navigation.Enter(s, s.OpenPlace!, Entry.Last);
    }

    private static Place Thinned(Place place, Func<Story, bool> gone)
    {
        ImmutableArray<Story> left = [.. place.Stories.Where(story => !gone(story))];
        if (left.Length == place.Stories.Length)
        {
            return place;
        }
        var taken = place.Stories.Length - left.Length;
        var unseen = place.Stories.Count(story => gone(story) && story is { Viewed: false, Muted: false });
        var item = place.Item with { Total = place.Item.Total - taken, Unseen = Math.Max(0, place.Item.Unseen - unseen) };
        var thinned = place with { Item = item, Stories = left };
        return place.IsCurrent ? thinned with { Loaded = thinned.Version } : thinned;
    }

    private static bool IsEmptied(Place place) => (place.IsAlbum || place.Loaded is not null) && place.Stories.IsEmpty && place.IsCurrent;
}
