using System.Collections.Immutable;
using System.Text;
using StoriesCli.Client;
using StoriesCli.Tui.Actions;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.App;

/// <summary>One thing that keys do: its name in the settings (null: it cannot be changed), and the keys.</summary>
internal sealed record KeyAction(string? Name, Msg Message, params ImmutableArray<Key> Keys);

/// <summary>Actions that belong together, what they do in a few words, and in one word for the foot of the screen (null: not there).</summary>
internal sealed record Binding(string Does, string? Hint, params ImmutableArray<KeyAction> Actions)
{
    /// <summary>The first key of each action that can be given another one; of what stays as it is, that.</summary>
    public string Label => string.Join(' ', Labelled.Select(key => key.Label));

    public IEnumerable<(string Label, Msg Message)> Labelled =>
        Actions.Where((action, i) => i == 0 || action.Name is not null).Select(action => (KeyNames.Label(action.Keys[0]), action.Message));

    public IEnumerable<string> Names => Actions.Select(action => action.Name).OfType<string>();
}

/// <summary>The one key table: keys, help, hints and the page of keys come from it.</summary>
internal sealed class KeyTable
{
    private static readonly TimeSpan _leap = TimeSpan.FromSeconds(5);

    private static readonly ImmutableArray<Binding> _all =
    [
        new(
            "the story before, and after",
            "story",
            new("previous", new Msg.Previous(), Key.CursorLeft),
            new("next", new Msg.Next(), Key.CursorRight)
        ),
        new(
            "choose a person",
            "person",
            new("person-up", new Msg.PreviousPerson(), Key.CursorUp),
            new("person-down", new Msg.NextPerson(), Key.CursorDown)
        ),
        new("open the chosen person", null, new KeyAction("open", new Msg.OpenChosen(), Key.Enter)),
        new("pause, and go on", "pause", new KeyAction("pause", new Msg.TogglePause(), Key.Space)),
        new("play it in your own player", "play", new KeyAction("play", new Msg.Play(), new Key('p'))),
        new("play all that is new", null, new KeyAction("play-all", new Msg.PlayAll(), new Key('P'))),
        new("recording: 5 s back, on", null, new("back", new Msg.Seek(-_leap), new Key('[')), new("on", new Msg.Seek(_leap), new Key(']'))),
        new(
            "recording: 30 s back, on",
            null,
            new("far-back", new Msg.Seek(-6 * _leap), new Key('{')),
            new("far-on", new Msg.Seek(6 * _leap), new Key('}'))
        ),
        new("before/after: other side", null, new KeyAction("compare", new Msg.Compare(), new Key('c'))),
        new("reply", "reply", new KeyAction("reply", new Msg.Want(Wish.Reply), new Key('r'))),
        new("react, or take it back", "react", new KeyAction("react", new Msg.Want(Wish.React), new Key('e'))),
        new("acknowledge, or not", null, new KeyAction("ack", new Msg.Want(Wish.Ack), new Key('a'))),
        new("vote, or close your poll", null, new KeyAction("vote", new Msg.Want(Wish.Vote), new Key('v'))),
        new("wait for acks or votes", null, new KeyAction("wait", new Msg.Want(Wish.Wait), new Key('w'))),
        new("resolve your call for help", null, new KeyAction("resolve", new Msg.Want(Wish.Resolve), new Key('R'))),
        new("keep your story, or not", "keep", new KeyAction("keep", new Msg.Want(Wish.Keep), new Key('k'))),
        new("post something new", "new", new KeyAction("new", new Msg.Want(Wish.Post), new Key('n'))),
        new("search", "search", new KeyAction("search", new Msg.Want(Wish.Search), new Key('/'))),
        new("highlights of a person", null, new KeyAction("highlights", new Msg.Want(Wish.Highlights), new Key('h'))),
        new(
            "move in a highlight",
            null,
            new("earlier", new Msg.Want(Wish.Earlier), new Key('<')),
            new("later", new Msg.Want(Wish.Later), new Key('>'))
        ),
        new("your archive", null, new KeyAction("archive", new Msg.Want(Wish.Archive), new Key('A'))),
        new("the question of the day", null, new KeyAction("question", new Msg.Want(Wish.Question), new Key('Q'))),
        new("what the last day brought", null, new KeyAction("digest", new Msg.Want(Wish.Digest), new Key('g'))),
        new("everybody on the server", null, new KeyAction("people", new Msg.Want(Wish.People), new Key('@'))),
        new("open its link (asks)", null, new KeyAction("link", new Msg.Want(Wish.OpenLink), new Key('o'))),
        new("download it here", null, new KeyAction("download", new Msg.Want(Wish.Download), new Key('d'))),
        new("write it to files", null, new KeyAction("promote", new Msg.Want(Wish.Promote), new Key('x'))),
        new("copy its id", null, new KeyAction("copy", new Msg.Want(Wish.CopyId), new Key('y'))),
        new("mute, or mute no longer", null, new KeyAction("mute", new Msg.Want(Wish.Mute), new Key('m'))),
        new("report it to the admins", null, new KeyAction("report", new Msg.Want(Wish.Report), new Key('!'))),
        new("who has seen your story", null, new KeyAction("seen-by", new Msg.Want(Wish.SeenBy), new Key('S'))),
        new("share your story", null, new KeyAction("share", new Msg.Want(Wish.Share), new Key('s'))),
        new("edit your story", null, new KeyAction("edit", new Msg.Want(Wish.Edit), new Key('E'))),
        new("give it a new lifetime", null, new KeyAction("extend", new Msg.Want(Wish.Extend), new Key('t'))),
        new("delete your story", null, new KeyAction("delete", new Msg.Want(Wish.Delete), new Key('D'))),
        new(
            "scroll what is longer",
            null,
            new("scroll-up", new Msg.Scroll(-1), Key.PageUp),
            new("scroll-down", new Msg.Scroll(+1), Key.PageDown)
        ),
        new("account and settings", null, new KeyAction("settings", new Msg.Want(Wish.Settings), new Key(','))),
        new("this help", "help", new KeyAction("help", new Msg.ToggleHelp(), new Key('?'))),
        new("close what is open", null, new KeyAction(null, new Msg.Close(), Key.Esc)),
        new("stop, until fg", null, new KeyAction(null, new Msg.StopProcess(), Key.Z.WithCtrl)),
        new(
            "quit, as Ctrl-C does",
            "quit",
            new KeyAction("quit", new Msg.Quit(), new Key('q')),
            new KeyAction(null, new Msg.Quit(), Key.C.WithCtrl)
        ),
    ];

    private readonly ImmutableArray<Binding> _bindings;
    private readonly Dictionary<Key, Msg> _messages;

    private KeyTable(ImmutableArray<Binding> bindings, IReadOnlyDictionary<string, string> changes)
    {
        _bindings = bindings;
        _messages = [];
        foreach (var action in bindings.SelectMany(binding => binding.Actions))
        {
            foreach (var key in action.Keys)
            {
                if (_messages.TryGetValue(key, out var other))
                {
                    // The one that was changed is the one to be told of.
                    var (name, taken) = changes.ContainsKey(NameOf(other))
                        ? (NameOf(other), NameOf(action.Message))
                        : (NameOf(action.Message), NameOf(other));
                    throw new KeyException($"keys.{name}: {KeyNames.Label(key)} already means {taken}: give one of the two another key.");
                }
                _messages[key] = action.Message;
            }
        }
    }

    public static KeyTable Default { get; } = new(_all, new Dictionary<string, string>());

    /// <summary>The table with other keys for some actions: one key, or several with spaces between them.</summary>
    /// <exception cref="KeyException">No such action, no such key, or one key for two actions.</exception>
    public static KeyTable With(IReadOnlyDictionary<string, string> changes)
    {
        var names = _all.SelectMany(binding => binding.Names).ToArray();
        if (changes.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            var advice = Spelling.Nearest(unknown, names) is { } near
                ? $"did you mean keys.{near}?"
                : $"there are {string.Join(", ", names)}.";
            throw new KeyException($"keys.{unknown} is nothing that a key does; {advice}");
        }
        return new(
            [
                .. _all.Select(binding =>
                    binding with
                    {
                        Actions =
                        [
                            .. binding.Actions.Select(action =>
                                action.Name is { } name && changes.TryGetValue(name, out var keys)
                                    ? action with
                                    {
                                        Keys = KeyNames.Parse(name, keys),
                                    }
                                    : action
                            ),
                        ],
                    }
                ),
            ],
            changes
        );
    }

    public Msg? Find(Key key) => _messages.GetValueOrDefault(Unshifted(key));

    /// <summary>With kitty's keyboard protocol a <c>?</c> comes with the Shift that it took, elsewhere without.</summary>
    private static Key Unshifted(Key key) =>
        key.IsShift && key.NoShift.AsRune is var sign && (Rune.IsPunctuation(sign) || Rune.IsSymbol(sign)) ? key.NoShift : key;

    /// <summary>The keys that have a meaning here, for people to read.</summary>
    public IEnumerable<Binding> For(bool restricted) =>
        _bindings.Where(binding =>
            !(
                restricted
                && binding.Actions[0].Message
                    is Msg.Play
                        or Msg.PlayAll
                        or Msg.StopProcess
                        or Msg.Want { Wish: Wish.OpenLink or Wish.Download or Wish.Promote }
            )
        );

    /// <summary>The key of an action, as people read it.</summary>
    public string Label(string name) =>
        KeyNames.Label(_bindings.SelectMany(binding => binding.Actions).First(action => action.Name == name).Keys[0]);

    private static string NameOf(Msg message) =>
        _all.SelectMany(binding => binding.Actions).First(action => action.Message == message).Name ?? "something that stays";
}

/// <summary>Keys as people write and read them, and what keys mean in a dialog.</summary>
internal static class KeyNames
{
    private static readonly Dictionary<string, Key> _named = new(StringComparer.OrdinalIgnoreCase)
    {
        ["space"] = Key.Space,
        ["enter"] = Key.Enter,
        ["tab"] = Key.Tab,
        ["backspace"] = Key.Backspace,
        ["delete"] = Key.Delete,
        ["insert"] = Key.InsertChar,
        ["left"] = Key.CursorLeft,
        ["right"] = Key.CursorRight,
        ["up"] = Key.CursorUp,
        ["down"] = Key.CursorDown,
        ["pgup"] = Key.PageUp,
        ["pgdn"] = Key.PageDown,
        ["home"] = Key.Home,
        ["end"] = Key.End,
        ["f1"] = Key.F1,
        ["f2"] = Key.F2,
        ["f3"] = Key.F3,
        ["f4"] = Key.F4,
        ["f5"] = Key.F5,
        ["f6"] = Key.F6,
        ["f7"] = Key.F7,
        ["f8"] = Key.F8,
        ["f9"] = Key.F9,
        ["f10"] = Key.F10,
        ["f11"] = Key.F11,
        ["f12"] = Key.F12,
    };

    private static readonly Dictionary<Key, string> _labels = new()
    {
        [Key.CursorLeft] = "←",
        [Key.CursorRight] = "→",
        [Key.CursorUp] = "↑",
        [Key.CursorDown] = "↓",
        [Key.Space] = "space",
        [Key.Enter] = "Enter",
        [Key.Esc] = "Esc",
        [Key.PageUp] = "PgUp",
        [Key.PageDown] = "PgDn",
        [Key.Tab] = "Tab",
        [Key.Home] = "Home",
        [Key.End] = "End",
        [Key.Backspace] = "Backspace",
        [Key.Delete] = "Del",
    };

    private static readonly Dictionary<Key, Steer> _steers = new()
    {
        [Key.CursorLeft] = Steer.Left,
        [Key.CursorRight] = Steer.Right,
        [Key.CursorUp] = Steer.Up,
        [Key.CursorDown] = Steer.Down,
        [Key.PageUp] = Steer.PageUp,
        [Key.PageDown] = Steer.PageDown,
        [Key.Home] = Steer.Home,
        [Key.End] = Steer.End,
        [Key.A.WithCtrl] = Steer.Home,
        [Key.E.WithCtrl] = Steer.End,
        [Key.W.WithCtrl] = Steer.EraseWord,
        [Key.U.WithCtrl] = Steer.EraseLine,
        [Key.Enter] = Steer.Enter,
        [Key.Esc] = Steer.Escape,
        [Key.Tab] = Steer.Tab,
        [Key.Tab.WithShift] = Steer.BackTab,
        [Key.Backspace] = Steer.Backspace,
        [Key.Delete] = Steer.Delete,
        [Key.H.WithCtrl] = Steer.Backspace,
    };

    public static string Label(Key key) =>
        _labels.GetValueOrDefault(key)
        ?? (
            key.IsCtrl ? $"Ctrl-{Label(key.NoCtrl).ToUpperInvariant()}"
            : key.IsAlt ? $"Alt-{Label(key.NoAlt)}"
            : key.TryGetPrintableRune(out var rune) ? rune.ToString()
            : _named.FirstOrDefault(named => named.Value == key).Key?.ToUpperInvariant() ?? key.ToString()
        );

    /// <summary>What a key means while something is written or chosen; null: nothing.</summary>
    public static Msg? InDialog(Key key) =>
        _steers.TryGetValue(key, out var steer) ? new Msg.Steered(steer)
        : key.IsCtrl || key.IsAlt ? KeyTable.Default.Find(key)
        : key.TryGetPrintableRune(out var rune) ? new Msg.Typed(rune.ToString())
        : null;

    public static ImmutableArray<Key> Parse(string action, string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words
            ?
            [
                .. words.Select(word =>
                    Find(word)
                    ?? throw new KeyException(
                        $"keys.{action}: \"{word}\" is no key: write a character, {string.Join(", ", _named.Keys.Take(14))}, f1 to f12, or one of these after ctrl- or alt-."
                    )
                ),
            ]
            : throw new KeyException($"keys.{action} names no key.");

    private static Key? Find(string word)
    {
        if (word.Length > 5 && word.StartsWith("ctrl-", StringComparison.OrdinalIgnoreCase))
        {
            return Find(word[5..].ToLowerInvariant())?.WithCtrl;
        }
        if (word.Length > 4 && word.StartsWith("alt-", StringComparison.OrdinalIgnoreCase))
        {
            return Find(word[4..])?.WithAlt;
        }
        return _named.TryGetValue(word, out var named) ? named
            : word.Length == 1 && word[0] is > ' ' and <= '~' ? new Key(word[0])
            : null;
    }
}
