using System.Collections.Immutable;
using System.Text;
using StoriesCli.Client;
using StoriesCli.Tui.Actions;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.App;

/// <summary>Keys that start an action, or one direction of it.</summary>
internal sealed record BoundKeys(string? Name, ImmutableArray<Key> Keys, Msg Msg);

/// <summary>An action with the keys that it has in this table.</summary>
internal sealed record Binding(TuiAction Action, ImmutableArray<BoundKeys> Keys)
{
    /// <summary>The first key of each direction. Fixed keys are left out if the action has others.</summary>
    public string Label => string.Join(' ', Labelled.Select(key => key.Label));

    public IEnumerable<(string Label, Msg Msg)> Labelled =>
        Keys.Where((bound, i) => i == 0 || bound.Name is not null).Select(bound => (KeyNames.Label(bound.Keys[0]), bound.Msg));

    public IEnumerable<string> Names => Keys.Select(bound => bound.Name).OfType<string>();
}

/// <summary>The keys of all actions, as the settings have them.</summary>
internal sealed class KeyTable
{
    private static readonly ImmutableArray<Binding> _defaults =
    [
        .. ActionRegistry.All.Select(action => new Binding(
            action,
            [.. action.Keys.Select(key => new BoundKeys(key.Name, KeyNames.Default(key.Keys), new InputMsg.Start(action, key.Step)))]
        )),
    ];

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

    public static KeyTable Default { get; } = new(_defaults, new Dictionary<string, string>());

    /// <summary>The table with other keys for some actions: one key, or several with spaces between them.</summary>
    /// <exception cref="KeyException">No such action, no such key, or one key for two actions.</exception>
    public static KeyTable With(IReadOnlyDictionary<string, string> changes)
    {
        var names = _defaults.SelectMany(binding => binding.Names).ToArray();
        if (changes.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            var advice = Spelling.Nearest(unknown, names) is { } near
                ? $"did you mean keys.{near}?"
                : $"there are {string.Join(", ", names)}.";
            throw new KeyException($"keys.{unknown} is nothing that a key does; {advice}");
        }
        return new([.. _defaults.Select(binding => binding with { Keys = [.. binding.Keys.Select(Changed)] })], changes);

        BoundKeys Changed(BoundKeys bound) =>
            bound.Name is { } name && changes.TryGetValue(name, out var keys) ? bound with { Keys = KeyNames.Parse(name, keys) } : bound;
    }

    public Msg? Find(Key key) => _byKey.GetValueOrDefault(Unshifted(key))?.Msg;

    /// <summary>With kitty's keyboard protocol a <c>?</c> comes with the Shift that it took, elsewhere without.</summary>
    private static Key Unshifted(Key key) =>
        key.IsShift && key.NoShift.AsRune is var sign && (Rune.IsPunctuation(sign) || Rune.IsSymbol(sign)) ? key.NoShift : key;

    /// <summary>What the keys do, for people to read.</summary>
    public IEnumerable<Binding> For(bool restricted) => _bindings.Where(binding => !(restricted && binding.Action.IsOffWhenRestricted));

    /// <summary>The key of an action by its name in the settings, as people read it.</summary>
    public string Label(string name) =>
        KeyNames.Label(_bindings.SelectMany(binding => binding.Keys).First(bound => bound.Name == name).Keys[0]);

    private static string NameOf(BoundKeys bound) =>
        _defaults.SelectMany(binding => binding.Keys).First(other => other.Msg == bound.Msg).Name ?? "something that stays";
}
