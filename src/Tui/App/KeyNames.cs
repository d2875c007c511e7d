using System.Collections.Immutable;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.App;

/// <summary>Names of keys, for people to write and read, and what keys do in a dialog.</summary>
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

    private static readonly Dictionary<Key, EditKey> _editKeys = new()
    {
        [Key.CursorLeft] = EditKey.Left,
        [Key.CursorRight] = EditKey.Right,
        [Key.CursorUp] = EditKey.Up,
        [Key.CursorDown] = EditKey.Down,
        [Key.PageUp] = EditKey.PageUp,
        [Key.PageDown] = EditKey.PageDown,
        [Key.Home] = EditKey.Home,
        [Key.End] = EditKey.End,
        [Key.A.WithCtrl] = EditKey.Home,
        [Key.E.WithCtrl] = EditKey.End,
        [Key.W.WithCtrl] = EditKey.EraseWord,
        [Key.U.WithCtrl] = EditKey.EraseLine,
        [Key.Enter] = EditKey.Enter,
        [Key.Esc] = EditKey.Escape,
        [Key.Tab] = EditKey.Tab,
        [Key.Tab.WithShift] = EditKey.BackTab,
        [Key.Backspace] = EditKey.Backspace,
        [Key.Delete] = EditKey.Delete,
        [Key.H.WithCtrl] = EditKey.Backspace,
    };

    /// <summary>How a key is written, for errors.</summary>
    public static string Rule { get; } =
        $"a character, {string.Join(", ", _named.Keys.Take(14))}, f1 to f12, or one of these after ctrl- or alt-";

    public static string Label(Key key) =>
        _labels.GetValueOrDefault(key)
        ?? (
            key.IsCtrl ? $"Ctrl-{Label(key.NoCtrl).ToUpperInvariant()}"
            : key.IsAlt ? $"Alt-{Label(key.NoAlt)}"
            : key.TryGetPrintableRune(out var rune) ? rune.ToString()
            : _named.FirstOrDefault(named => named.Value == key).Key?.ToUpperInvariant() ?? key.ToString()
        );

    /// <summary>What a key does while a dialog is open; null: nothing.</summary>
    public static Msg? InDialog(Key key) =>
        _editKeys.TryGetValue(key, out var edit) ? new InputMsg.Edited(edit)
        : key.IsCtrl || key.IsAlt ? KeyTable.Default.Find(key)
        : key.TryGetPrintableRune(out var rune) ? new InputMsg.Typed(rune.ToString())
        : null;

    public static ImmutableArray<Key> Parse(string action, string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words
            ? [.. words.Select(word => Find(word) ?? throw new KeyException($"keys.{action}: \"{word}\" is no key: write {Rule}."))]
            : throw new KeyException($"keys.{action} names no key.");

    /// <summary>The default keys of an action. Unlike the settings, they may use Esc.</summary>
    public static ImmutableArray<Key> Default(string text) =>
        [
            .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word == "esc" ? Key.Esc : Find(word) ?? throw new KeyException($"\"{word}\" is no key.")),
        ];

    /// <summary>The key of this name; null if no key has it.</summary>
    public static Key? Find(string word)
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
