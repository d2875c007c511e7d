using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>A key, or several, of an action.</summary>
/// <param name="Name">Its name in the settings; null: it cannot be changed.</param>
/// <param name="Keys">
/// The keys in <see cref="Keymap.Vi"/>, as in the settings: <c>r</c>, <c>left</c>, <c>ctrl-c</c>; several with spaces between them; empty: none.
/// </param>
/// <param name="Step">Direction and size, for an action whose keys go two ways.</param>
internal sealed record ActionKey(string? Name, string Keys, int Step = 0)
{
    /// <summary>The same in <see cref="Keymap.Classic"/>; empty: none; null: as in <see cref="Keymap.Vi"/>.</summary>
    public string? Classic { get; init; }

    /// <summary>What this key alone does, for an action whose keys go two ways; null: what the action does.</summary>
    public string? Help { get; init; }
}

/// <summary>
/// One thing that the viewer can do. Its file has everything about it: the keys, when it applies, its dialog, the command that does it, and
/// what follows from the result. <see cref="Actions.ActionRegistry"/> lists all of them.
/// </summary>
/// <param name="help">What it does, in a few words.</param>
/// <param name="hint">The same in one word for the footer; null: it is not there.</param>
/// <param name="keys">The keys that start it.</param>
internal abstract class TuiAction(string help, string? hint, params ImmutableArray<ActionKey> keys)
{
    public string Help => help;

    public string? Hint => hint;

    /// <summary>What the footer says now, where that is not always the same.</summary>
    public virtual string? HintFor(Model model) => Hint;

    public ImmutableArray<ActionKey> Keys => keys;

    /// <summary>Left out of keys and help with <c>--restricted</c>.</summary>
    public virtual bool IsOffWhenRestricted => false;

    /// <summary>The palette offers it when it applies.</summary>
    public virtual bool IsInPalette => true;

    /// <summary>Whether its key does something here and now. The footer and the palette offer nothing else.</summary>
    public virtual bool Applies(Model model) => true;

    /// <summary>Also starts while a dialog is open.</summary>
    public virtual bool WorksInDialog => false;

    /// <summary>The key was pressed. Pure: it opens a dialog, adds a command, or says why it does not apply.</summary>
    public virtual Model Start(Model model, int step) => Start(model);

    /// <summary>The key was pressed while the help is open.</summary>
    public virtual Model StartInHelp(Model model, int step) => model;

    protected virtual Model Start(Model model) => model;

    /// <summary>Actions have no state: two of a kind are the same.</summary>
    public override bool Equals(object? obj) => obj is TuiAction other && other.GetType() == GetType() && other.Help == Help;

    public override int GetHashCode() => help.GetHashCode(StringComparison.Ordinal);
}

/// <summary>An action on the story that is shown.</summary>
internal abstract class StoryAction(string help, string? hint, params ImmutableArray<ActionKey> keys) : TuiAction(help, hint, keys)
{
    /// <summary>Also applies to the viewer's own expired stories.</summary>
    public virtual bool WorksInArchive => false;

    /// <summary>Only the author of the story may do it.</summary>
    public virtual bool IsForAuthor => false;

    public sealed override bool Applies(Model model) =>
        !(IsOffWhenRestricted && model.Session.Restricted)
        && (WorksInArchive || model.Tray.OpenPlace is not { IsArchive: true })
        && model is { Shown: { } shown, Link.Connection: not Connection.SignedOut }
        && (!IsForAuthor || shown.Author.Handle == model.Session.Me)
        && Applies(model, shown);

    /// <summary>The same, for a story that has passed the checks above.</summary>
    protected virtual bool Applies(Model model, Story shown) => true;

    public sealed override Model Start(Model model, int step) =>
        IsOffWhenRestricted && model.Session.Restricted ? StartRestricted(model)
        : !WorksInArchive && model.Tray.OpenPlace is { IsArchive: true }
            ? model.Notify("This story is archived: you can only read, save or delete it.")
        : model.Shown is not { } shown ? model
        : IsForAuthor && shown.Author.Handle != model.Session.Me ? model.Notify("Only its author can do that.")
        : Start(model, shown);

    protected abstract Model Start(Model model, Story shown);

    /// <summary>Says that it is off.</summary>
    protected virtual Model StartRestricted(Model model) => model;
}
