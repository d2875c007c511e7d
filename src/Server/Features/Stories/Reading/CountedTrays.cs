using System.Collections.Concurrent;
using StoriesCli.Server.Features.Mutes;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Trays that were counted last. Until a story changes or expires, an account's tray is the same, however many places it has.</summary>
internal sealed class CountedTrays
{
    // About 150 bytes each: together 15 MB.
    private const int MaximumPlaces = 100_000;

    private readonly ConcurrentDictionary<int, Counted> _byAccount = new();
    private int _places;

    public IReadOnlyList<Tray.Place> Of(ViewerContext viewer)
    {
        if (_byAccount.TryGetValue(viewer.Account, out var known) && known.Holds(viewer))
            return known.Places;
        var counted = Counted.Of(viewer);
        var grown = counted.Places.Count - (known?.Places.Count ?? 0);
        if (Interlocked.Add(ref _places, grown) > MaximumPlaces)
        {
            _byAccount.Clear();
            Interlocked.Exchange(ref _places, counted.Places.Count);
        }
        _byAccount[viewer.Account] = counted;
        return counted.Places;
    }

    /// <param name="Stories">The stories that were counted.</param>
    /// <param name="Muting">What was muted.</param>
    /// <param name="From">When it was counted.</param>
    /// <param name="Until">When the first story leaves the tray by itself.</param>
    /// <param name="Places">The tray.</param>
    private sealed record Counted(
        StoryModel Stories,
        Muting Muting,
        DateTimeOffset From,
        DateTimeOffset Until,
        IReadOnlyList<Tray.Place> Places
    )
    {
        public static Counted Of(ViewerContext viewer)
        {
            var times = viewer.Stories.Times;
            var (expiry, leaving) = (
                times.NextExpiry(viewer.Now) ?? DateTimeOffset.MaxValue,
                times.NextLeaving(viewer.Now) ?? DateTimeOffset.MaxValue
            );
            return new(viewer.Stories, viewer.Muting, viewer.Now, expiry < leaving ? expiry : leaving, Tray.Of(viewer));
        }

        public bool Holds(ViewerContext viewer) =>
            ReferenceEquals(Stories, viewer.Stories) && ReferenceEquals(Muting, viewer.Muting) && viewer.Now >= From && viewer.Now < Until;
    }
}
