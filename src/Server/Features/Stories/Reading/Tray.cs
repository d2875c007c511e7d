using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Stories;

/// <summary>The tray of one account at one moment: what it may see of each author and slot, counted on the shelves.</summary>
/// <param name="Places">Those with unseen stories first, then those with the newest story.</param>
/// <param name="Unseen">Number of unseen stories in all places.</param>
/// <param name="UnseenShelves">The shelves that have them. Kept stories stand on none.</param>
internal sealed record Tray(IReadOnlyList<Tray.Place> Places, int Unseen, IReadOnlyList<Shelf> UnseenShelves)
{
    public static Tray Of(ViewerContext viewer)
    {
        var kept = viewer
            .Stories.Times.KeptAndListed(viewer.Now)
            .Where(row => row.IsVisibleTo(viewer.Account) && !row.IsReplacedFor(viewer.Account))
            .ToLookup(row => (row.Author, row.Slot));
        var places = new List<Place>(viewer.Stories.Shelves.Count);
        var unseenShelves = new List<Shelf>();
        foreach (var (key, shelves) in viewer.Stories.Shelves)
        {
            var place = new Place();
            foreach (var shelf in shelves)
            {
                var before = place.Unseen;
                if (shelf.IsFor(viewer.Account))
                    place.Add(shelf, viewer);
                if (place.Unseen > before)
                    unseenShelves.Add(shelf);
            }
            foreach (var row in kept[key])
                place.Add(row, viewer);
            if (place.Total > 0)
                places.Add(place);
        }
        foreach (var rows in kept)
        {
            if (viewer.Stories.Shelves.Has(rows.Key))
                continue;
            var place = new Place();
            foreach (var row in rows)
                place.Add(row, viewer);
            places.Add(place);
        }
        places.Sort();
        return new(places, places.Sum(place => place.Unseen), unseenShelves);
    }

    /// <summary>An author, or a slot of an author, as one account sees it.</summary>
    public sealed class Place : IComparable<Place>
    {
        private readonly Tally _all = new();

        // Without muted stories.
        private readonly Tally _heard = new();
        private DateTimeOffset _firstExpiry = DateTimeOffset.MaxValue;
        private string? _firstUnseen;

        /// <summary>Number of active stories.</summary>
        public int Total => _all.Count;

        /// <summary>Number of those that are unseen and not muted.</summary>
        public int Unseen { get; private set; }

        public int CompareTo(Place? other)
        {
            var (mine, others) = (_all.Newest!, other!._all.Newest!);
            if (Unseen > 0 != other.Unseen > 0)
                return Unseen > 0 ? -1 : 1;
            var order = others.CreatedAt.CompareTo(mine.CreatedAt);
            return order != 0 ? order : string.CompareOrdinal(others.Id, mine.Id);
        }

        /// <param name="personOf">Returns the person of an account.</param>
        public TrayItem Show(Func<int, Person> personOf)
        {
            // Muted help requests and live terminals do not count. If all stories are muted, the place says so, and then they count.
            var isMuted = _heard.Count == 0;
            var heard = isMuted ? _all : _heard;
            return new()
            {
                Author = personOf(_all.Newest!.Author),
                Slot = _all.Newest.Slot,
                Status = heard.Newest!.Source?.Status,
                Total = Total,
                Unseen = Unseen,
                LatestAt = _all.Newest.CreatedAt,
                FirstExpiryAt = _firstExpiry,
                FirstUnseenId = _firstUnseen,
                OpenHelp = heard.OpenHelp,
                ResolvedHelp = heard.ResolvedHelp,
                Live = heard.IsLive,
                Muted = isMuted,
            };
        }

        public void Add(Shelf shelf, ViewerContext viewer)
        {
            var expired = shelf.CountExpired(viewer.Now);
            var count = shelf.Rows.Count - expired;
            if (count == 0)
                return;
            var isMuted = viewer.Muting.CoversAllOf(shelf.First.Author);
            if (!isMuted && viewer.Muting.CoversSome(shelf.Tags))
            {
                foreach (var row in shelf.ByExpiry.From(expired))
                    Add(row, viewer);
                return;
            }
            var newest = shelf.Newest(viewer.Now);
            StoryRow[] help = shelf.Help.IsEmpty ? [] : [.. shelf.Help.Where(row => row.IsListed(viewer.Now))];
            var isLive = !shelf.Live.IsEmpty && shelf.Live.Any(row => row.IsListed(viewer.Now));
            _firstExpiry = Min(_firstExpiry, shelf.ByExpiry[expired].ExpiresAt);
            _all.Add(newest, count, help, isLive);
            if (isMuted)
                return;
            _heard.Add(newest, count, help, isLive);
            if (shelf.CountUnseen(viewer.Account, expired, viewer.Stories.ById) is > 0 and var unseen)
            {
                Unseen += unseen;
                FindUnseen(shelf.OldestUnseen(viewer.Account, viewer.Now, viewer.Stories.ById));
            }
        }

        public void Add(StoryRow row, ViewerContext viewer)
        {
            _firstExpiry = Min(_firstExpiry, row.ExpiresAt);
            StoryRow[] help = row.AsksHelp ? [row] : [];
            _all.Add(row, 1, help, row.IsLive);
            if (viewer.Muting.Covers(row.Author, row.Tags))
                return;
            _heard.Add(row, 1, help, row.IsLive);
            if (viewer.Stories.ById[row.Id].IsSeenBy(viewer.Account))
                return;
            Unseen++;
            FindUnseen(row);
        }

        private void FindUnseen(StoryRow row) =>
            _firstUnseen = _firstUnseen is null || string.CompareOrdinal(row.Id, _firstUnseen) < 0 ? row.Id : _firstUnseen;

        private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
    }

    /// <summary>Sums of some stories of a place.</summary>
    private sealed class Tally
    {
        public int Count { get; private set; }

        public StoryRow? Newest { get; private set; }

        public int OpenHelp { get; private set; }

        public int ResolvedHelp { get; private set; }

        public bool IsLive { get; private set; }

        public void Add(StoryRow newest, int count, StoryRow[] help, bool isLive)
        {
            Count += count;
            IsLive |= isLive;
            if (Newest is null || string.CompareOrdinal(newest.Id, Newest.Id) > 0)
                Newest = newest;
            var open = help.Count(row => row.HasOpenHelp);
            OpenHelp += open;
            ResolvedHelp += help.Length - open;
        }
    }
}
