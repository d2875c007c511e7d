using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Recordings;

namespace StoriesCli.Tui.State;

internal enum Connection { Connecting, Live, Offline, Reconnecting }

/// <summary>Which story a place shows first when it is opened.</summary>
internal enum Entry { FirstUnseen, Last }

/// <summary>A picture scaled for an area of cells, or the reason why there is none.</summary>
internal sealed record Picture(Box Area, PixelBuffer? Pixels, string? Missing = null)
{
    public Graphics Graphics { get; init; }
    /// <summary>The same in the terminal's own graphics.</summary>
    public Raster? Raster { get; init; }
}

/// <summary>A recording that can be played, or the reason why there is none.</summary>
internal sealed record Recorded(Recording? Recording, string? Missing = null);

/// <summary>A line for the foot of the screen, shown until an instant.</summary>
internal sealed record Note(string Text, DateTimeOffset Until);

/// <summary>Why the terminal is given away: to a player that draws in it, to the shell, or for good.</summary>
internal abstract record Leave
{
    private Leave() { }

    public sealed record ForGood : Leave;
    public sealed record Stop : Leave;
    public sealed record ToPlayer(string StoryId) : Leave;
}

/// <summary>All that the screen shows, and nothing of how.</summary>
internal sealed record AppState
{
    /// <summary>The viewer's own handle, once it is known.</summary>
    public string? Me { get; init; }
    public required string Server { get; init; }
    /// <summary>No external program may be started.</summary>
    public bool Restricted { get; init; }
    /// <summary>Pictures are drawn; else their caption and file name stand for them.</summary>
    public bool Pictured { get; init; } = true;

    public ImmutableArray<Place> Places { get; init; } = [];
    public Connection Connection { get; init; }
    /// <summary>Why the server is not reached, in a sentence.</summary>
    public string? Trouble { get; init; }
    /// <summary>The server's clock.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The place that is looked at.</summary>
    public PlaceKey? Open { get; init; }
    public string? ShownId { get; init; }
    public Entry Entry { get; init; }
    /// <summary>How long the shown story has been on the screen, pauses left out.</summary>
    public TimeSpan Elapsed { get; init; }
    /// <summary>The place that ↑ and ↓ point at, until it is opened.</summary>
    public PlaceKey? Chosen { get; init; }
    public TimeSpan ChosenFor { get; init; }

    public bool Paused { get; init; }
    public bool Help { get; init; }
    public Note? Note { get; init; }
    /// <summary>The story that an external player shows at this moment.</summary>
    public string? PlayingId { get; init; }
    public ImmutableHashSet<string> Played { get; init; } = [];
    /// <summary>Stories seen here that the server may not have heard of yet.</summary>
    public ImmutableHashSet<string> Seen { get; init; } = [];
    public ImmutableDictionary<string, Picture> Pictures { get; init; } = ImmutableDictionary<string, Picture>.Empty;
    public ImmutableDictionary<string, Recorded> Recordings { get; init; } = ImmutableDictionary<string, Recorded>.Empty;
    /// <summary>How the terminal draws them.</summary>
    public Graphics Graphics { get; init; }
    /// <summary>Where pictures stand, in cells.</summary>
    public Box Area { get; init; }
    public Leave? Leaving { get; init; }

    public int OpenIndex => IndexOf(Open);
    public Place? OpenPlace => OpenIndex is var i and >= 0 ? Places[i] : null;
    public Story? Shown => OpenPlace is { } place && place.IndexOf(ShownId) is var i and >= 0 ? place.Stories[i] : null;

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

    public AppState With(Place place) => this with { Places = Places.SetItem(IndexOf(place.Key), place) };

    public AppState Say(string text) => this with { Note = new(text, Now + TimeSpan.FromSeconds(6)) };
}
