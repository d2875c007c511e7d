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

    public Tray Of(ViewerContext viewer)
    {
        if (_byAccount.TryGetValue(viewer.Account, out var known) && known.Holds(viewer))
            return known.Tray;
        var counted = Counted.Of(viewer);
        var grown = counted.Size - (known?.Size ?? 0);
        if (Interlocked.Add(ref _places, grown) > MaximumPlaces)
        {
            _byAccount.Clear();
            Interlocked.Exchange(ref _places, counted.Size);
        }
        _byAccount[viewer.Account] = counted;
        return counted.Tray;
    }

    /// <param name="Stories">The stories that were counted.</param>
    /// <param name="Muting">What was muted.</param>
    /// <param name="From">When it was counted.</param>
    /// <param name="Until">When the first story leaves the tray by itself.</param>
    /// <param name="Tray">The tray.</param>
    private sealed record Counted(StoryModel Stories, Muting Muting, DateTimeOffset From, DateTimeOffset Until, Tray Tray)
    {
        /// <summary>Number of places, and the account itself.</summary>
        public int Size => Tray.Places.Count + 1;

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
