using System.Collections.Immutable;
using StoriesCli.Tui.State;
using Terminal.Gui.Input;

namespace StoriesCli.Tui;

/// <summary>A key, what it does in a few words, and in one word for the foot of the screen (null: not there).</summary>
internal sealed record Binding(string Label, string Does, string? Hint, Msg Message, params ImmutableArray<Key> Keys);

/// <summary>The one key table: keys, help and hints come from it.</summary>
internal static class Keys
{
    private static readonly Msg _stop = new Msg.StopProcess();

    private static readonly ImmutableArray<Binding> _all =
    [
        new("← →", "previous and next story, then person", "story", new Msg.Next(), Key.CursorRight),
        new("", "", null, new Msg.Previous(), Key.CursorLeft),
        new("↑ ↓", "choose a person", "person", new Msg.NextPerson(), Key.CursorDown),
        new("", "", null, new Msg.PreviousPerson(), Key.CursorUp),
        new("Enter", "open the chosen person at once", null, new Msg.OpenChosen(), Key.Enter),
        new("space", "pause, and go on", "pause", new Msg.TogglePause(), Key.Space),
        new("p", "play it in an external player", "play", new Msg.Play(), (Key)'p'),
        new("?", "this help", "help", new Msg.ToggleHelp(), (Key)'?'),
        new("Esc", "close what is open", null, new Msg.Close(), Key.Esc),
        new("Ctrl-Z", "stop, until fg", null, _stop, Key.Z.WithCtrl),
        new("q", "quit, as Ctrl-C does", "quit", new Msg.Quit(), (Key)'q', Key.C.WithCtrl),
    ];

    public static Msg? Find(Key key) => _all.FirstOrDefault(binding => binding.Keys.Contains(key))?.Message;

    /// <summary>The keys that have a meaning here, for people to read.</summary>
    public static IEnumerable<Binding> For(AppState s) => All(s.Restricted);

    public static IEnumerable<Binding> All(bool restricted) =>
        _all.Where(binding => binding.Label.Length > 0 && !(restricted && binding.Message is Msg.Play or Msg.StopProcess));
}
