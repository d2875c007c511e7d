using System.Collections.Immutable;
using System.Text;
using StoriesCli.Tui.State;
using Terminal.Gui.Input;

namespace StoriesCli.Tui;

/// <summary>Keys that belong together, what they do in a few words, and in one word for the foot of the screen (null: not there).</summary>
internal sealed record Binding(string Label, string Does, string? Hint, params ImmutableArray<(Key Key, Msg Message)> On);

/// <summary>The one key table: keys, help and hints come from it.</summary>
internal static class Keys
{
    private static readonly TimeSpan _leap = TimeSpan.FromSeconds(5);

    private static readonly ImmutableArray<Binding> _all =
    [
        new("← →", "previous and next story, then person", "story", (Key.CursorLeft, new Msg.Previous()), (Key.CursorRight, new Msg.Next())),
        new("↑ ↓", "choose a person", "person", (Key.CursorUp, new Msg.PreviousPerson()), (Key.CursorDown, new Msg.NextPerson())),
        new("Enter", "open the chosen person at once", null, (Key.Enter, new Msg.OpenChosen())),
        new("space", "pause, and go on", "pause", (Key.Space, new Msg.TogglePause())),
        new("[ ]", "5 s back and on in a recording", null, (new('['), new Msg.Seek(-_leap)), (new(']'), new Msg.Seek(_leap))),
        new("{ }", "30 s back and on in a recording", null, (new('{'), new Msg.Seek(-6 * _leap)), (new('}'), new Msg.Seek(6 * _leap))),
        new("p", "play it in an external player", "play", (new('p'), new Msg.Play())),
        new("?", "this help", "help", (new('?'), new Msg.ToggleHelp())),
        new("Esc", "close what is open", null, (Key.Esc, new Msg.Close())),
        new("Ctrl-Z", "stop, until fg", null, (Key.Z.WithCtrl, new Msg.StopProcess())),
        new("q", "quit, as Ctrl-C does", "quit", (new('q'), new Msg.Quit()), (Key.C.WithCtrl, new Msg.Quit())),
    ];

    private static readonly Dictionary<Key, Msg> _messages = _all.SelectMany(binding => binding.On).ToDictionary(on => on.Key, on => on.Message);

    public static Msg? Find(Key key) => _messages.GetValueOrDefault(Unshifted(key));

    /// <summary>With kitty's keyboard protocol a <c>?</c> comes with the Shift that it took, elsewhere without.</summary>
    private static Key Unshifted(Key key) => key.IsShift && key.NoShift.AsRune is var sign && (Rune.IsPunctuation(sign) || Rune.IsSymbol(sign)) ? key.NoShift : key;

    /// <summary>The keys that have a meaning here, for people to read.</summary>
    public static IEnumerable<Binding> For(bool restricted) =>
        _all.Where(binding => !(restricted && binding.On[0].Message is Msg.Play or Msg.StopProcess));
}
