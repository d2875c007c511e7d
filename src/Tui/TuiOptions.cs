using StoriesCli.Client.Players;
using StoriesCli.Contracts;

namespace StoriesCli.Tui;

/// <summary>How pictures are shown.</summary>
public enum ImageMode
{
    /// <summary>By the terminal's answers to queries; <see cref="Blocks"/> if there are none.</summary>
    Auto,

    /// <summary>The graphics protocol of kitty and others, whatever the terminal says; in tmux by Unicode placeholders.</summary>
    Kitty,

    /// <summary>The inline images of iTerm2 and others, whatever the terminal says.</summary>
    Iterm,

    /// <summary>DEC's sixel, whatever the terminal says.</summary>
    Sixel,

    /// <summary>Block characters of eight pixels a cell, which few fonts have.</summary>
    Octants,

    /// <summary>Block characters of six pixels a cell.</summary>
    Sextants,

    /// <summary>Block characters of four pixels a cell, in any terminal with colours; two on a console.</summary>
    Blocks,

    /// <summary>Caption and file name instead.</summary>
    Off,
}

/// <summary>The keys that the terminal UI starts from.</summary>
public enum Keymap
{
    /// <summary>The letters that hands know from vi, and the arrows.</summary>
    Vi,

    /// <summary>The keys of the first edition: arrows, and a letter for each action.</summary>
    Classic,
}

/// <summary>Where a video is played.</summary>
public enum VideoPlace
{
    /// <summary>In a window where there can be one, or else on the stage.</summary>
    Auto,

    /// <summary>On the stage, without sound, if mpv is installed.</summary>
    Stage,

    /// <summary>In an external player.</summary>
    Player,
}

/// <summary>The colours of the terminal UI.</summary>
public enum ThemeChoice
{
    /// <summary>By the ground that the terminal says it has.</summary>
    Auto,

    /// <summary>For a dark ground.</summary>
    Dark,

    /// <summary>For a light ground.</summary>
    Light,

    /// <summary>Letters stand out by 7 : 1, on a dark or a light ground.</summary>
    Contrast,
}

/// <summary>What the terminal UI needs to know.</summary>
/// <param name="Client">Signed in. The UI retries by itself, so the client should not retry: then <c>offline</c> shows at once.</param>
public sealed record TuiOptions(ApiClient Client)
{
    /// <summary>The viewer's own handle (default: ask the server).</summary>
    public string? Handle { get; init; }

    /// <summary>How pictures are shown; without <see cref="Colours"/> they are off.</summary>
    public ImageMode Images { get; init; } = ImageMode.Auto;

    /// <summary>Where videos are played.</summary>
    public VideoPlace Video { get; init; }

    /// <summary>Its colours.</summary>
    public ThemeChoice Theme { get; init; }

    /// <summary>False for NO_COLOR: text styles only.</summary>
    public bool Colours { get; init; } = true;

    /// <summary>Starts no external program, and the process cannot be suspended to a shell.</summary>
    public bool Restricted { get; init; }

    /// <summary>The terminal is a pane of tmux (<c>TMUX</c> is set): what is copied is handed to tmux too.</summary>
    public bool InTmux { get; init; }

    /// <summary>The keys before <see cref="Keys"/> changes some.</summary>
    public Keymap Keymap { get; init; }

    /// <summary>Changed keys by action name, and commands of the user's own by key: see docs/tui.md.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder for downloads, and where choosing a file begins.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>
    /// Writes a story with its thread into a folder, to be committed, and returns the path of its page, as the command line does. It fails
    /// with an <see cref="IOException"/> whose message is for people. Null: nothing can be written.
    /// </summary>
    public Func<Story, string, CancellationToken, Task<string>>? Promote { get; init; }

    /// <summary>Called when the account is deleted, to remove what is saved of it here. It must not fail.</summary>
    public Action? AccountDeleted { get; init; }

    /// <summary>Chooses external players.</summary>
    public PlayerSearch Players { get; init; } = PlayerSearch.Here(new Dictionary<string, Player>(), Environment.GetEnvironmentVariable);

    /// <summary>The mpv that decodes videos for the stage; null when they are played elsewhere.</summary>
    internal string? FindDecoder() =>
        Video == VideoPlace.Player || Images == ImageMode.Off ? null : Players.FindDecoder(Video == VideoPlace.Stage);

    /// <summary>Reads the terminal as where it cannot wait for it: for tests.</summary>
    internal bool Polls { get; init; }

    /// <summary>The time, for ages and expiry.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
