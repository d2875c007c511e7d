using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Stories that are looked at beside the tray: a highlight, what a search found, answers, one's archive. An album is there while it is looked at.</summary>
internal static class Albums
{
    public static Model Open(Model model, string title, ImmutableArray<Story> stories, bool isArchive = false, string? highlight = null)
    {
        stories = [.. stories.Where(story => isArchive || !model.Marks.Gone.Contains(story.Id))];
        if (stories.IsEmpty)
        {
            return model.Notify("Nothing to see there any more.");
        }
        var back =
            model.Tray.OpenPlace is { IsAlbum: true } ? model.Back
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
        return Navigation.Show(
            model with
            {
                Tray = model.Tray with { Places = places.Insert(at, album) },
                Back = back,
                Entry = Entry.FirstUnseen,
            },
            album.Key,
            album.Stories.FirstOrDefault()?.Id
        );
    }

    /// <summary>Back to where the album was opened.</summary>
    public static Model Close(Model model)
    {
        if (model.Tray.OpenPlace is not { IsAlbum: true })
        {
            return model;
        }
        var places = model.Tray.Places.RemoveAll(place => place.IsAlbum);
        var storyId = model.Back?.StoryId;
        var back = places.FirstOrDefault(place => place.Key == model.Back?.Place);
        model = model with { Tray = model.Tray with { Places = places }, Back = null };
        return back?.IndexOf(storyId) >= 0 ? Navigation.Show(model, back.Key, storyId)
            : back is not null ? Navigation.Enter(model, back, Entry.FirstUnseen)
            : places.IsEmpty ? Navigation.Show(model, null, null)
            : Navigation.Enter(model, places[0], Entry.FirstUnseen);
    }
}
