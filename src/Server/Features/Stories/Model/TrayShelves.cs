using System.Collections;
using System.Collections.Immutable;

namespace StoriesCli.Server.Features.Stories;

/// <summary>The shelves of each author and slot.</summary>
internal sealed class TrayShelves : IEnumerable<KeyValuePair<(int Author, string? Slot), ImmutableArray<Shelf>>>
{
    public static readonly TrayShelves Empty = new(ImmutableDictionary<(int Author, string? Slot), ImmutableArray<Shelf>>.Empty);

    // The shelves of a place are in the order of their audiences.
    private readonly ImmutableDictionary<(int Author, string? Slot), ImmutableArray<Shelf>> _byPlace;

    private TrayShelves(ImmutableDictionary<(int Author, string? Slot), ImmutableArray<Shelf>> byPlace) => _byPlace = byPlace;

    /// <summary>Number of places.</summary>
    public int Count => _byPlace.Count;

    public static TrayShelves Of(IEnumerable<StoryEntry> entries) =>
        new(
            Empty._byPlace.AddRange(
                entries
                    .Where(entry => Shelf.Holds(entry.Row))
                    .GroupBy(entry => (entry.Author, entry.Row.Slot))
                    .Select(place =>
                        KeyValuePair.Create(
                            place.Key,
                            Sorted(place.GroupBy(entry => Shelf.AudienceOf(entry.Row)).Select(shelf => Shelf.Of([.. shelf])))
                        )
                    )
            )
        );

    public bool Has((int Author, string? Slot) place) => _byPlace.ContainsKey(place);

    public IEnumerator<KeyValuePair<(int Author, string? Slot), ImmutableArray<Shelf>>> GetEnumerator() => _byPlace.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <param name="entry">A story.</param>
    /// <param name="stories">All stories with this one.</param>
    public TrayShelves With(StoryEntry entry, ImmutableDictionary<string, StoryEntry> stories) =>
        Shelf.Holds(entry.Row) && Find(entry.Row) is var shelf ? Replace(entry.Row, shelf, Shelf.With(shelf, entry, stories)) : this;

    /// <param name="entry">A story.</param>
    /// <param name="stories">All stories, with or without this one.</param>
    public TrayShelves Without(StoryEntry entry, ImmutableDictionary<string, StoryEntry> stories) =>
        Find(entry.Row) is { } shelf ? Replace(entry.Row, shelf, shelf.Without(entry, stories)) : this;

    /// <summary>The shelves after the views of a story have changed.</summary>
    /// <param name="before">The story before it.</param>
    /// <param name="after">The story after it.</param>
    /// <param name="stories">All stories after it.</param>
    public TrayShelves Viewed(StoryEntry before, StoryEntry after, ImmutableDictionary<string, StoryEntry> stories)
    {
        if (Find(after.Row) is not { } shelf)
            return this;
        var gone = before.Viewers.Where(account => !after.Views.Contains(account)).ToList();
        var viewed = gone.Count == 0 ? shelf : shelf.Unseen(after.Row, gone);
        foreach (var account in after.Viewers.Where(account => !before.Views.Contains(account)))
            viewed = viewed.Seen(account, stories);
        return Replace(after.Row, shelf, viewed);
    }

    private Shelf? Find(StoryRow row)
    {
        if (Shelf.Holds(row) && _byPlace.TryGetValue((row.Author, row.Slot), out var shelves))
        {
            var audience = Shelf.AudienceOf(row);
            foreach (var shelf in shelves)
                if (shelf.Audience == audience)
                    return shelf;
        }
        return null;
    }

    /// <summary>Null before means that there was no shelf, null after that none is left.</summary>
    private TrayShelves Replace(StoryRow row, Shelf? before, Shelf? after)
    {
        var place = (row.Author, row.Slot);
        var others = _byPlace.GetValueOrDefault(place, []);
        others = before is null ? others : others.Remove(before);
        return new(
            after is not null ? _byPlace.SetItem(place, Sorted(others.Add(after)))
            : others.IsEmpty ? _byPlace.Remove(place)
            : _byPlace.SetItem(place, others)
        );
    }

    private static ImmutableArray<Shelf> Sorted(IEnumerable<Shelf> shelves) =>
        [.. shelves.OrderBy(shelf => shelf.Audience, StringComparer.Ordinal)];
}
