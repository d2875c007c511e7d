using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Going from story to story, and past a place's last story to the next place.</summary>
internal static class Navigation
{
    public static Model Step(Model s, int direction)
    {
        s = s.Chosen is null ? s : s with { Chosen = null };
        if (s.OpenPlace is not { } place)
        {
            return s;
        }
        var index = place.IndexOf(s.ShownId);
        if (index >= 0 && index + direction >= 0 && index + direction < place.Stories.Length)
        {
            return Show(s, place.Key, place.Stories[index + direction].Id);
        }
        var neighbour = s.OpenIndex + direction;
        return neighbour >= 0 && neighbour < s.Places.Length ? Enter(s, s.Places[neighbour], EntryBy(direction))
            : direction < 0 ? s with { Elapsed = TimeSpan.Zero }
            : s;
    }

    public static Model Open(Model s, PlaceKey key) =>
        s.IndexOf(key) is var i and >= 0 && key != s.Open ? Enter(s, s.Places[i], Entry.FirstUnseen)
        : s.Chosen is null ? s
        : s with { Chosen = null };

    public static Model Enter(Model s, Place place, Entry entry) =>
        Show(s with { Entry = entry }, place.Key, EntryStory(s, place, entry)?.Id);

    public static Model Show(Model s, PlaceKey? open, string? storyId) =>
        s with
        {
            Open = open,
            ShownId = storyId,
            Elapsed = TimeSpan.Zero,
            Chosen = null,
            Scroll = 0,
            CaptionScroll = 0,
            ThreadScroll = 0,
            TrayLead = open == s.Open ? s.TrayLead : 0,
            Places = s.Places.Any(place => place.IsAlbum && place.Key != open)
                ? s.Places.RemoveAll(place => place.IsAlbum && place.Key != open)
                : s.Places,
        };

    /// <summary>The story <paramref name="steps"/> away from the shown one, as far as it has arrived.</summary>
    public static Story? Ahead(Model s, int steps)
    {
        if (s.OpenPlace is not { } place)
        {
            return null;
        }
        var direction = Math.Sign(steps);
        var at = s.OpenIndex;
        var index = place.IndexOf(s.ShownId);
        for (var left = Math.Abs(steps); left > 0; left--)
        {
            index += direction;
            if (index >= 0 && index < s.Places[at].Stories.Length)
            {
                continue;
            }
            at += direction;
            if (at < 0 || at >= s.Places.Length || EntryStory(s, s.Places[at], EntryBy(direction)) is not { } first)
            {
                return null;
            }
            index = s.Places[at].IndexOf(first.Id);
        }
        return index >= 0 ? s.Places[at].Stories[index] : null;
    }

    private static Entry EntryBy(int direction) => direction > 0 ? Entry.FirstUnseen : Entry.Last;

    private static Story? EntryStory(Model s, Place place, Entry entry) =>
        entry switch
        {
            Entry.Last => place.Stories.LastOrDefault(),
            _ => place.Stories.FirstOrDefault(story => Place.IsUnseen(s, story)) ?? place.Stories.FirstOrDefault(),
        };
}
