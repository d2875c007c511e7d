using StoriesCli.Client.Players;
using StoriesCli.Contracts;

namespace StoriesCli.Tui;

/// <summary>How pictures are shown.</summary>
public enum ImageMode
{
    /// <summary>As the terminal says it can, by its answers; <see cref="Blocks"/> where it says nothing.</summary>
    Auto,

    /// <summary>The graphics protocol of kitty and others, whatever the terminal says.</summary>
    Kitty,

    /// <summary>DEC's sixel, whatever the terminal says.</summary>
    Sixel,

    /// <summary>Two pixels a cell, in any terminal with colours.</summary>
    Blocks,

    /// <summary>Caption and file name instead.</summary>
    Off,
}

/// <summary>What the terminal UI needs to know.</summary>
/// <param name="Client">Signed in. The UI asks again by itself, so that the client should try once only: then <c>offline</c> shows at once.</param>
public sealed record TuiOptions(ApiClient Client)
{
    /// <summary>The viewer's own handle; the server is asked where it is not known.</summary>
    public string? Handle { get; init; }

    /// <summary>How pictures are shown; without <see cref="Colours"/> they are off.</summary>
    public ImageMode Images { get; init; } = ImageMode.Auto;

    /// <summary>False for NO_COLOR: text styles only.</summary>
    public bool Colours { get; init; } = true;

    /// <summary>No external program is started, and the process cannot be stopped for a shell.</summary>
    public bool Restricted { get; init; }

    /// <summary>Other keys than the usual ones, by what they do: see docs/tui.md.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>Where downloads go, and where the choice of a file begins.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>
    /// Writes a story with its thread into a folder, to be committed, and answers the path of its page: as the command line does. It fails
    /// with an <see cref="IOException"/> whose message is for people. Null where nothing can be written.
    /// </summary>
    public Func<Story, string, CancellationToken, Task<string>>? Promote { get; init; }

    /// <summary>Told once the account is gone: what is saved of it here is of no use any more. It must not fail.</summary>
    public Action? Left { get; init; }

    /// <summary>Chooses external players.</summary>
    public PlayerSearch Players { get; init; } = PlayerSearch.Here(new Dictionary<string, Player>(), Environment.GetEnvironmentVariable);

    /// <summary>The time, for ages and expiry.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
