using System.Collections.Immutable;

namespace StoriesCli.Tui.App;

/// <summary>The places of the tray, and which of them is open.</summary>
internal sealed record Tray
{
    public ImmutableArray<Place> Places { get; init; } = [];

    /// <summary>The place whose stories are shown.</summary>
    public PlaceKey? Open { get; init; }

    /// <summary>The place that ↑ and ↓ point at, until it is opened. Pointing opens nothing, and tells nobody.</summary>
    public PlaceKey? Chosen { get; init; }

    /// <summary>The server has told of it.</summary>
    public bool HasArrived { get; init; }

    /// <summary>Nothing was new at the start, and nothing has been opened since.</summary>
    public bool IsCaughtUp { get; init; }

    /// <summary>Where an album was opened.</summary>
    public ReturnPoint? Back { get; init; }

    public int OpenIndex => IndexOf(Open);

    public Place? OpenPlace => OpenIndex is var i and >= 0 ? Places[i] : null;

    public int IndexOf(PlaceKey? key)
    {
        for (var i = 0; i < Places.Length; i++)
        {
            if (Places[i].Key == key)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Whether a story has expired, and only its author can still see it.</summary>
    public bool IsArchived(string storyId) => Places.Any(place => place.IsArchive && place.IndexOf(storyId) >= 0);
}
