using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Removes stories that are gone, and shows the next one if the shown story is among them.</summary>
internal static class Removal
{
    public static Model Expire(Model model) => Without(model, story => story.ExpiresAt is { } end && end <= model.Now);

    /// <summary>Removes from tray and albums, or only from the archive, whose stories have all expired.</summary>
    public static Model Without(Model model, Func<Story, bool> gone, bool inArchive = false)
    {
        if (!model.Tray.Places.Any(place => place.IsArchive == inArchive && place.Stories.Any(gone)))
        {
            return model;
        }
        var shownGoes = model.Shown is { } shown && model.Tray.OpenPlace!.IsArchive == inArchive && gone(shown);
        var follows = shownGoes
            ? model.Tray.OpenPlace!.Stories.Skip(model.Tray.OpenPlace.IndexOf(model.ShownId)).FirstOrDefault(story => !gone(story))
            : null;
        model = model with
        {
            Tray = model.Tray with
            {
                Places = [.. model.Tray.Places.Select(place => place.IsArchive == inArchive ? Thinned(place, gone) : place)],
            },
        };
        if (shownGoes && follows is not null)
        {
            model = Navigation.Show(model, model.Tray.Open, follows.Id);
        }
        else if (shownGoes)
        {
            model = AfterLast(model with { ShownId = null });
        }
        return DropEmpty(model);
    }

    /// <summary>Removes places without stories.</summary>
    public static Model DropEmpty(Model model)
    {
        var index = model.Tray.OpenIndex;
        var places = model.Tray.Places.RemoveAll(IsEmptied);
        if (places.Length == model.Tray.Places.Length)
        {
            return model;
        }
        var openGoes = index >= 0 && IsEmptied(model.Tray.Places[index]);
        var follows = openGoes ? places.Length - model.Tray.Places.Skip(index).Count(place => !IsEmptied(place)) : 0;
        model = model with { Tray = model.Tray with { Places = places, Chosen = null } };
        return !openGoes ? model
            : places.IsEmpty ? Navigation.Show(model, null, null)
            : follows < places.Length ? Navigation.Enter(model, places[follows], Entry.FirstUnseen)
            : Navigation.Enter(model, places[^1], Entry.Last);
    }

    /// <summary>The open place has no story after the removed one: shows the next place, or the last story before it.</summary>
    private static Model AfterLast(Model model)
    {
        var next = model.Tray.Places.Skip(model.Tray.OpenIndex + 1).FirstOrDefault(place => !IsEmptied(place));
        return next is not null
            ? Navigation.Enter(model, next, Entry.FirstUnseen)
            : Navigation.Enter(model, model.Tray.OpenPlace!, Entry.Last);
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
