using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Stories that are looked at beside the tray: a highlight, what a search found, answers, one's archive. An album is there while it is looked at.</summary>
internal static class Albums
{
    public static Model Open(Model s, string title, ImmutableArray<Story> stories, bool isArchive = false, string? highlight = null)
    {
        stories = [.. stories.Where(story => isArchive || !s.Gone.Contains(story.Id))];
        if (stories.IsEmpty)
        {
            return s.Notify("Nothing to see there any more.");
        }
        var back =
            s.OpenPlace is { IsAlbum: true } ? s.Back
            : s.Open is { } open ? new ReturnPoint(open, s.ShownId)
            : null;
        var item = new TrayItem
        {
            Author = new() { Handle = "", DisplayName = "" },
            Slot = title,
            Total = stories.Length,
            Unseen = 0,
            LatestAt = s.Now,
        };
        var album = new Place(item)
        {
            IsAlbum = true,
            IsArchive = isArchive,
            Highlight = highlight,
            Stories = [.. stories.Select(story => s.Seen.Contains(story.Id) ? story with { Viewed = true } : story)],
        };
        var places = s.Places.RemoveAll(place => place.IsAlbum);
        var at = places.ToList().FindIndex(place => place.Key == (back?.Place ?? s.Open)) + 1;
        return Navigation.Show(
            s with
            {
                Places = places.Insert(at, album),
                Back = back,
                Entry = Entry.FirstUnseen,
            },
            album.Key,
            album.Stories.FirstOrDefault()?.Id
        );
    }

    /// <summary>Back to where the album was opened.</summary>
    public static Model Close(Model s)
    {
        if (s.OpenPlace is not { IsAlbum: true })
        {
            return s;
        }
        var places = s.Places.RemoveAll(place => place.IsAlbum);
        var storyId = s.Back?.StoryId;
        var back = places.FirstOrDefault(place => place.Key == s.Back?.Place);
        s = s with { Places = places, Back = null };
        return back?.IndexOf(storyId) >= 0 ? Navigation.Show(s, back.Key, storyId)
            : back is not null ? Navigation.Enter(s, back, Entry.FirstUnseen)
            : places.IsEmpty ? Navigation.Show(s, null, null)
            : Navigation.Enter(s, places[0], Entry.FirstUnseen);
    }
}
