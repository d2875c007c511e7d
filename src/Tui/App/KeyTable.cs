using System.Collections.Immutable;
using System.Text;
using StoriesCli.Client;
using StoriesCli.Tui.Actions;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.App;

/// <summary>Keys that start an action, or one direction of it. There may be none.</summary>
/// <param name="Name">Its name in the settings; null: it cannot be changed.</param>
/// <param name="Keys">The keys, the one that people read first.</param>
/// <param name="Msg">What they do.</param>
/// <param name="Help">What that is, in a few words.</param>
internal sealed record BoundKeys(string? Name, ImmutableArray<Key> Keys, Msg Msg, string Help);

/// <summary>An action with the keys that it has in this table.</summary>
internal sealed record Binding(TuiAction Action, ImmutableArray<BoundKeys> Keys)
{
    // More are a range, such as digits.
    private const int NamedAtMost = 4;

    public bool HasKeys => Keys.Any(bound => !bound.Keys.IsEmpty);

    /// <summary>The first key of each direction. Fixed keys are left out if the action has others.</summary>
    public string Label => Joined(Labelled.Select(key => key.Label));

    /// <summary>The same with the letters that do what a named key does.</summary>
    public string HelpLabel => Joined(Labels(label => label.Length == 1));

    /// <summary>All keys.</summary>
    public string FullLabel => Joined(Labels(_ => true));

    public IEnumerable<(string Label, Msg Msg)> Labelled => Shown.Select(bound => (KeyNames.Label(bound.Keys[0]), bound.Msg));

    public IEnumerable<string> Names => Keys.Select(bound => bound.Name).OfType<string>();

    private IEnumerable<BoundKeys> Shown => Keys.Where((bound, i) => !bound.Keys.IsEmpty && (i == 0 || bound.Name is not null));

    private IEnumerable<string> Labels(Func<string, bool> others)
    {
        var most = Shown.Select(bound => bound.Keys.Length).DefaultIfEmpty().Max();
        return Labelled
            .Select(key => key.Label)
            .Concat(
                Enumerable
                    .Range(1, Math.Max(0, most - 1))
                    .SelectMany(i => Shown.Where(bound => i < bound.Keys.Length).Select(bound => KeyNames.Label(bound.Keys[i])))
                    .Where(others)
            );
    }

    private static string Joined(IEnumerable<string> labels)
    {
        var all = labels.ToArray();
        return all.Length > NamedAtMost && all.All(label => label.Length == 1) ? $"{all[0]}–{all[^1]}" : string.Join(' ', all);
    }
}

/// <summary>The keys of all actions, as the settings have them.</summary>
internal sealed class KeyTable
{
    private readonly ImmutableArray<Binding> _bindings;
    private readonly Dictionary<Key, BoundKeys> _byKey = [];

    private KeyTable(ImmutableArray<Binding> bindings, IReadOnlyDictionary<string, string> changes)
    {
        _bindings = bindings;
        foreach (var bound in bindings.SelectMany(binding => binding.Keys))
        {
            foreach (var key in bound.Keys)
            {
                if (_byKey.TryGetValue(key, out var other))
                {
                    // The error names the one that the settings changed.
                    var (name, taken) = changes.ContainsKey(NameOf(other))
                        ? (NameOf(other), NameOf(bound))
                        : (NameOf(bound), NameOf(other));
                    throw new KeyException($"keys.{name}: {KeyNames.Label(key)} already means {taken}: give one of the two another key.");
                }
                _byKey[key] = bound;
            }
        }
    }

    public static KeyTable Default { get; } = With(new Dictionary<string, string>());

    /// <summary>
    /// The table with other keys for some actions: one key, or several with spaces between them. An entry whose value starts with
    /// <c>exec:</c> is a command of the user's own: its name is the key.
    /// </summary>
    /// <exception cref="KeyException">No such action, no such key, or one key for two actions.</exception>
    public static KeyTable With(IReadOnlyDictionary<string, string> changes, Keymap keymap = Keymap.Vi)
    {
        var preset = Preset(keymap);
        var names = preset.SelectMany(binding => binding.Names).ToArray();
        if (changes.Keys.FirstOrDefault(name => !names.Contains(name) && !OwnCommand.IsOne(changes[name])) is { } unknown)
        {
            var advice =
                KeyNames.Find(unknown) is not null ? $"a key has a command of your own: \"exec: {changes[unknown]}\"."
                : Spelling.Nearest(unknown, names) is { } near ? $"did you mean keys.{near}?"
                : $"there are {string.Join(", ", names)}.";
            throw new KeyException($"keys.{unknown} is nothing that a key does; {advice}");
        }
        return new(
            [
                .. preset.Select(binding => binding with { Keys = [.. binding.Keys.Select(Changed)] }),
                .. changes.Where(change => OwnCommand.IsOne(change.Value)).Select(change => OwnCommand.Bind(change.Key, change.Value)),
            ],
            changes
        );

        BoundKeys Changed(BoundKeys bound) =>
            bound.Name is { } name && changes.TryGetValue(name, out var keys) && !OwnCommand.IsOne(keys)
                ? bound with
                {
                    Keys = KeyNames.Parse(name, keys),
                }
                : bound;
    }

    public Msg? Find(Key key) => _byKey.GetValueOrDefault(Unshifted(key))?.Msg;

    /// <summary>With kitty's keyboard protocol a <c>?</c> comes with the Shift that it took, elsewhere without.</summary>
    private static Key Unshifted(Key key) =>
        key.IsShift && key.NoShift.AsRune is var sign && (Rune.IsPunctuation(sign) || Rune.IsSymbol(sign)) ? key.NoShift : key;

    /// <summary>What the keys do, for people to read. Some actions may have no key.</summary>
    public IEnumerable<Binding> For(bool restricted) => _bindings.Where(binding => !(restricted && binding.Action.IsOffWhenRestricted));

    /// <summary>The key of an action by its name in the settings, as people read it.</summary>
    public string Label(string name) =>
        KeyNames.Label(_bindings.SelectMany(binding => binding.Keys).First(bound => bound.Name == name).Keys[0]);

    private static ImmutableArray<Binding> Preset(Keymap keymap) =>
        [
            .. ActionRegistry.All.Select(action => new Binding(
                action,
                [
                    .. action.Keys.Select(key => new BoundKeys(
                        key.Name,
                        KeyNames.Default(keymap == Keymap.Classic ? key.Classic ?? key.Keys : key.Keys),
                        new InputMsg.Start(action, key.Step),
                        key.Help ?? action.Help
                    )),
                ]
            )),
        ];

    private string NameOf(BoundKeys bound) =>
        bound.Name ?? _bindings.SelectMany(binding => binding.Keys).First(other => other.Msg == bound.Msg).Name ?? "something that stays";
}
