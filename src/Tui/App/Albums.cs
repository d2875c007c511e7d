using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Stories that are looked at beside the tray: a highlight, what a search found, answers, one's archive. An album is there while it is looked at.</summary>
internal static class Albums
{
    public static AppState Open(AppState s, string title, ImmutableArray<Story> stories, bool isArchive = false, string? highlight = null)
    {
        stories = [.. stories.Where(story => isArchive || !s.Gone.Contains(story.Id))];
        if (stories.IsEmpty)
        {
            return s.Say("Nothing to see there any more.");
        }
        var back =
            s.OpenPlace is { IsAlbum: true } ? s.Back
            : s.Open is { } open ? new BackTo(open, s.ShownId)
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
        return Walk.Show(
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

    /// <summary>From one of its stories on.</summary>
    public static AppState Open(AppState s, Msg.AlbumChosen chosen)
    {
        s = Open(s with { Dialog = null }, chosen.Title, chosen.Stories);
        return s.OpenPlace is { IsAlbum: true } album && album.IndexOf(chosen.StoryId) >= 0 ? Walk.Show(s, album.Key, chosen.StoryId) : s;
    }

    /// <summary>One's own highlight with the shown story one place further to the front or to the back.</summary>
    public static AppState Move(AppState s, int step)
    {
        if (s is not { OpenPlace: { Highlight: { } highlight } place, Shown: { } shown } || shown.Author.Handle != s.Me)
        {
            return s.Say("Only a highlight of your own can be put in order: h opens it.");
        }
        var at = place.IndexOf(shown.Id);
        return at + step < 0 || at + step >= place.Stories.Length
            ? s
            : s.Do(new Deed.Order(highlight, [.. place.Stories.RemoveAt(at).Insert(at + step, shown).Select(story => story.Id)]));
    }

    public static AppState Order(AppState s, ImmutableArray<string> ids) =>
        s.OpenPlace is not { Highlight: not null } album
            ? s
            : s.With(album with { Stories = [.. album.Stories.OrderBy(story => ids.IndexOf(story.Id))] }).Say("Moved.");

    /// <summary>Back to where the album was opened.</summary>
    public static AppState Close(AppState s)
    {
        if (s.OpenPlace is not { IsAlbum: true })
        {
            return s;
        }
        var places = s.Places.RemoveAll(place => place.IsAlbum);
        var storyId = s.Back?.StoryId;
        var back = places.FirstOrDefault(place => place.Key == s.Back?.Place);
        s = s with { Places = places, Back = null };
        return back?.IndexOf(storyId) >= 0 ? Walk.Show(s, back.Key, storyId)
            : back is not null ? Walk.Enter(s, back, Entry.FirstUnseen)
            : places.IsEmpty ? Walk.Show(s, null, null)
            : Walk.Enter(s, places[0], Entry.FirstUnseen);
    }
}
