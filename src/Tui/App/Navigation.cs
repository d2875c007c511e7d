using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Moves from story to story, and from the last story of a place to the next place.</summary>
internal static class Navigation
{
    public static Model Step(Model model, int direction)
    {
        model = model.Tray.Chosen is null ? model : model with { Tray = model.Tray with { Chosen = null } };
        if (model.Tray.OpenPlace is not { } place)
        {
            return model.Tray.IsCaughtUp && direction > 0 ? CaughtUp.Leave(model) : model;
        }
        var index = place.IndexOf(model.ShownId);
        if (index >= 0 && index + direction >= 0 && index + direction < place.Stories.Length)
        {
            return Show(model, place.Key, place.Stories[index + direction].Id);
        }
        var neighbour = model.Tray.OpenIndex + direction;
        return neighbour >= 0 && neighbour < model.Tray.Places.Length ? Enter(model, model.Tray.Places[neighbour], EntryBy(direction))
            : direction < 0 ? model with { Elapsed = TimeSpan.Zero }
            : model;
    }

    public static Model Open(Model model, PlaceKey key) =>
        model.Tray.IndexOf(key) is var i and >= 0 && key != model.Tray.Open ? Enter(model, model.Tray.Places[i], Entry.FirstUnseen)
        : model.Tray.Chosen is null ? model
        : model with { Tray = model.Tray with { Chosen = null } };

    /// <summary>Points at the place with this number, from 0. The open place is no choice; there is nothing outside the row.</summary>
    public static Model Choose(Model model, int index)
    {
        if (index < 0 || index >= model.Tray.Places.Length)
        {
            return model;
        }
        var key = model.Tray.Places[index].Key;
        PlaceKey? chosen = key == model.Tray.Open ? null : key;
        return chosen == model.Tray.Chosen ? model : model with { Tray = model.Tray with { Chosen = chosen } };
    }

    public static Model Enter(Model model, Place place, Entry entry) =>
        Show(model with { Entry = entry }, place.Key, EntryStory(model, place, entry)?.Id);

    public static Model Show(Model model, PlaceKey? open, string? storyId) =>
        model with
        {
            Tray = model.Tray with
            {
                Open = open,
                IsCaughtUp = false,
                Chosen = null,
                Places = model.Tray.Places.Any(place => place.IsAlbum && place.Key != open)
                    ? model.Tray.Places.RemoveAll(place => place.IsAlbum && place.Key != open)
                    : model.Tray.Places,
            },
            ShownId = storyId,
            Elapsed = TimeSpan.Zero,
            Marks = model.Marks with { Looked = TimeSpan.Zero },
            Scrolled = model.Scrolled with { Card = 0, Caption = 0, Thread = 0 },
        };

    /// <summary>The story <paramref name="steps"/> away from the shown one, if it has arrived.</summary>
    public static Story? Ahead(Model model, int steps)
    {
        if (model.Tray.OpenPlace is not { } place)
        {
            return null;
        }
        var direction = Math.Sign(steps);
        var at = model.Tray.OpenIndex;
        var index = place.IndexOf(model.ShownId);
        for (var left = Math.Abs(steps); left > 0; left--)
        {
            index += direction;
            if (index >= 0 && index < model.Tray.Places[at].Stories.Length)
            {
                continue;
            }
            at += direction;
            if (at < 0 || at >= model.Tray.Places.Length || EntryStory(model, model.Tray.Places[at], EntryBy(direction)) is not { } first)
            {
                return null;
            }
            index = model.Tray.Places[at].IndexOf(first.Id);
        }
        return index >= 0 ? model.Tray.Places[at].Stories[index] : null;
    }

    private static Entry EntryBy(int direction) => direction > 0 ? Entry.FirstUnseen : Entry.Last;

    private static Story? EntryStory(Model model, Place place, Entry entry) =>
        entry switch
        {
            Entry.Last => place.Stories.LastOrDefault(),
            _ => place.Stories.FirstOrDefault(story => Place.IsUnseen(model, story)) ?? place.Stories.FirstOrDefault(),
        };
}
