using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Recordings;

/// <summary>Live terminals, which are followed while they are shown.</summary>
internal static class LiveTerminals
{
    /// <summary>The live terminal to follow now; null: none. While the server is away, nobody asks it.</summary>
    public static string? Wanted(Model model) =>
        model is { Link.Connection: Connection.Live, Shown: { Kind: StoryKinds.Recording, Live: true } shown } ? shown.Id : null;

    /// <summary>The last screen of a live terminal, also when its command has ended; null before there is one.</summary>
    public static Emulator? ScreenOf(Model model, string storyId) =>
        model.Loaded.Followed is { } followed && followed.StoryId == storyId ? followed.Screen : null;

    /// <summary>Why the screen of a live terminal does not come.</summary>
    public static string? MissingOf(Model model, string storyId) =>
        model.Loaded.Followed is { } followed && followed.StoryId == storyId ? followed.Missing : null;

    /// <summary>Shows what arrived of the shown story; what comes late is dropped.</summary>
    public static Model Show(Model model, FollowedTerminal followed) =>
        model.Shown is { Live: true } shown && shown.Id == followed.StoryId
            ? model with
            {
                Loaded = model.Loaded with { Followed = followed },
            }
            : model;
}
