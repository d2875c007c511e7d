using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Albums: stories outside the tray, such as a highlight, search results, answers or the archive. An album exists while it is open.</summary>
internal static class Albums
{
    public static Model Open(Model model, string title, ImmutableArray<Story> stories, bool isArchive = false, string? highlight = null)
    {
        stories = [.. stories.Where(story => isArchive || !model.Marks.Gone.Contains(story.Id))];
        if (stories.IsEmpty)
        {
            return model.Notify("There is nothing left to show.");
        }
        var back =
            model.Tray.OpenPlace is { IsAlbum: true } ? model.Tray.Back
            : model.Tray.Open is { } open ? new ReturnPoint(open, model.ShownId)
            : null;
        var item = new TrayItem
        {
            Author = new() { Handle = "", DisplayName = "" },
            Slot = title,
            Total = stories.Length,
            Unseen = 0,
            LatestAt = model.Now,
        };
        var album = new Place(item)
        {
            IsAlbum = true,
            IsArchive = isArchive,
            Highlight = highlight,
            Stories = [.. stories.Select(story => model.Marks.Seen.Contains(story.Id) ? story with { Viewed = true } : story)],
        };
        var places = model.Tray.Places.RemoveAll(place => place.IsAlbum);
        var at = places.ToList().FindIndex(place => place.Key == (back?.Place ?? model.Tray.Open)) + 1;
        album = at > 0 ? album with { Group = places[at - 1].Group } : album;
        return Navigation.Show(
            model with
            {
                Tray = model.Tray with { Places = places.Insert(at, album), Back = back },
                Entry = Entry.FirstUnseen,
            },
            album.Key,
            album.Stories.FirstOrDefault()?.Id
        );
    }

    /// <summary>Opens it at one of its stories.</summary>
    public static Model OpenAt(Model model, string title, ImmutableArray<Story> stories, string? storyId)
    {
        model = Open(model, title, stories);
        return model.Tray.OpenPlace is { IsAlbum: true } album && album.IndexOf(storyId) >= 0
            ? Navigation.Show(model, album.Key, storyId)
            : model;
    }

    /// <summary>Returns to the place where the album was opened.</summary>
    public static Model Close(Model model)
    {
        if (model.Tray.OpenPlace is not { IsAlbum: true })
        {
            return model;
        }
        var places = model.Tray.Places.RemoveAll(place => place.IsAlbum);
        var storyId = model.Tray.Back?.StoryId;
        var back = places.FirstOrDefault(place => place.Key == model.Tray.Back?.Place);
        model = model with { Tray = model.Tray with { Places = places, Back = null } };
        return back?.IndexOf(storyId) >= 0 ? Navigation.Show(model, back.Key, storyId)
            : back is not null ? Navigation.Enter(model, back, Entry.FirstUnseen)
            : places.IsEmpty ? Navigation.Show(model, null, null)
            : Navigation.Enter(model, places[0], Entry.FirstUnseen);
    }
}
