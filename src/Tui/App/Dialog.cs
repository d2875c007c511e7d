using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

/// <summary>A dialog: it is open, and gets the keys. Only one is open at a time; Esc closes it. All members are pure.</summary>
internal abstract record Dialog
{
    /// <summary>Sealed, so that the native client does not carry a text form of every dialog.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>The story that it is about. When that is gone, the dialog closes, or can no longer do anything.</summary>
    public string? StoryId { get; init; }

    /// <summary>The number of the command that it waits for.</summary>
    public int? Command { get; init; }

    /// <summary>Why that failed.</summary>
    public string? Error { get; init; }

    /// <summary>Its story went while somebody was typing. It stays until Esc; otherwise the rest of the text would be keys for the next story.</summary>
    public bool IsOrphaned { get; init; }

    public virtual bool TakesText => false;

    /// <summary>It is in the panel, and the picture stays.</summary>
    public virtual bool IsInPanel => false;

    /// <summary>
    /// Text in it is kept under this name when Esc closes it, and is there again when it opens the next time; null: it takes no text, or
    /// keeps it itself.
    /// </summary>
    public virtual string? DraftName => null;

    /// <summary>Something was written in it.</summary>
    public bool IsBegun { get; init; }

    /// <summary>The list that it was chosen in: Esc leads back to it.</summary>
    public ListDialog? ChosenIn { get; init; }

    /// <summary>The keys of the dialog, for the footer.</summary>
    public abstract string Hint { get; }

    public virtual Model Type(Model model, string text) => model;

    public virtual Model Press(Model model, EditKey key) => model;

    public virtual Model Close(Model model) => model with { Dialog = null };

    public virtual Dialog Fail(string reason) => this with { Command = null, Error = reason };

    /// <summary>The same with what was written in an earlier one of this name.</summary>
    public virtual Dialog Continue(Dialog earlier) => this;

    /// <summary>Its story has changed.</summary>
    public virtual Model Refresh(Model model, Story story) => model;

    /// <summary>Adds a command and waits for it.</summary>
    protected Model Await(Model model, Command command)
    {
        model = model.Run(command);
        return model with { Dialog = this with { Command = model.LastCommand, Error = null } };
    }
}

/// <summary>A dialog at the foot of the panel.</summary>
internal abstract record PanelDialog : Dialog
{
    public sealed override bool IsInPanel => true;

    /// <summary>Rows that it shows.</summary>
    /// <param name="columns">Width of the panel.</param>
    /// <param name="rows">Height of the panel.</param>
    public abstract IEnumerable<Line> Lines(int columns, int rows);
}

/// <summary>Something to read, and perhaps to copy.</summary>
internal sealed record MessageDialog(string Title, string Text, string? Copied = null) : Dialog
{
    public override string Hint => Copied is null ? "Esc closes" : "y copies it again   Esc closes";

    public override Model Type(Model model, string text) =>
        text == "y" && Copied is not null ? model.Copy(Copied).Notify("Copied.") : model;

    public override Model Press(Model model, EditKey key) => key == EditKey.Enter ? DialogUpdate.Close(model) : model;
}

/// <summary>An address that is shown this once, in full, as a QR code too where there is room.</summary>
internal sealed record LinkDialog(string Title, string Address, string Note) : Dialog
{
    public override string Hint => "y copies it again   Esc closes";

    public override Model Type(Model model, string text) => text == "y" ? model.Copy(Address).Notify("Copied.") : model;

    public override Model Press(Model model, EditKey key) => key == EditKey.Enter ? DialogUpdate.Close(model) : model;
}

/// <summary>A question with yes and no. Yes runs the command.</summary>
internal sealed record ConfirmDialog(string Question, string Detail, Command OnYes) : Dialog
{
    /// <summary>What it does cannot be undone: Enter alone answers no.</summary>
    public bool IsDestructive { get; init; }

    public override string Hint => IsDestructive ? "y   yes   Enter, Esc or n   no" : "Enter or y   yes   Esc or n   no";

    public override Model Type(Model model, string text) =>
        text switch
        {
            "y" or "Y" => Confirm(model),
            "n" or "N" => DialogUpdate.Close(model),
            _ => model,
        };

    public override Model Press(Model model, EditKey key) =>
        key != EditKey.Enter ? model
        : IsDestructive ? DialogUpdate.Close(model)
        : Confirm(model);

    private Model Confirm(Model model) => (model with { Dialog = null }).Run(OnYes);
}

/// <summary>One line to fill in.</summary>
/// <param name="Title">What it asks for.</param>
/// <param name="Rule">How the answer is written.</param>
/// <param name="Text">The answer so far.</param>
internal abstract record PromptDialog(string Title, string Rule, TextEdit Text) : Dialog
{
    public sealed override bool TakesText => true;

    public sealed override string Hint => "Enter goes on   Esc closes";

    public override string? DraftName => $"{Title} {StoryId}";

    public sealed override Dialog Continue(Dialog earlier) =>
        earlier is PromptDialog { Text: var written } ? this with { Text = written, IsBegun = true } : this;

    /// <summary>The command of a trimmed answer; null: the answer does not fit.</summary>
    protected abstract Command? Read(Model model, string answer);

    public sealed override Model Type(Model model, string text) =>
        model with
        {
            Dialog = this with { Text = Text.Insert(CleanText.OneLine(text)), Error = null, IsBegun = true },
        };

    public sealed override Model Press(Model model, EditKey key) =>
        key == EditKey.Enter ? Enter(model)
        : Text.After(key) is var text && text.Text == Text.Text ? model with { Dialog = this with { Text = text } }
        : model with { Dialog = this with { Text = text, IsBegun = text.Text.Length > 0 } };

    private Model Enter(Model model)
    {
        var answer = Text.Text.Trim();
        return Read(model, answer) is { } command ? Await(model, command)
            : answer.Length == 0 ? model
            : model with { Dialog = this with { Error = $"\"{answer}\" does not fit: {Rule}." } };
    }
}

/// <summary>A line of a list, and what choosing it does.</summary>
internal sealed record Choice(string Label, string Detail, Msg Msg)
{
    /// <summary>What stands before the label, in its own inks, as wide on every line of the list; clean text.</summary>
    public Line Lead { get; init; } = Line.Empty;

    /// <summary>A character that chooses it in a numbered list, instead of its number.</summary>
    public string? Key { get; init; }

    public bool Has(string word) =>
        Label.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Detail.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Lead.Runs.Any(run => run.Text.Contains(word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A list to choose from, narrowed by typing.</summary>
/// <param name="Title">Its title.</param>
/// <param name="All">Its lines.</param>
/// <param name="Filter">What was typed.</param>
/// <param name="At">The chosen line.</param>
/// <param name="Up">What Backspace does before anything was typed; null: nothing.</param>
internal record ListDialog(string Title, ImmutableArray<Choice> All, string Filter = "", int At = 0, Msg? Up = null) : Dialog
{
    private const int Page = 10;

    /// <summary>A question with a few answers: a digit chooses one, and nothing is narrowed.</summary>
    public bool IsNumbered { get; init; }

    /// <summary>What a numbered list is for, in a word: its title is a question.</summary>
    public string Frame { get; init; } = "choose";

    /// <summary>What somebody asked, in full above the list.</summary>
    public string? Question { get; init; }

    /// <summary>The lines that have all words of the filter, in any order.</summary>
    public virtual ImmutableArray<Choice> Shown =>
        Filter.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words
            ? [.. All.Where(choice => words.All(choice.Has))]
            : All;

    public override string Hint =>
        IsNumbered ? $"1 to {All.Length} chooses   Esc closes"
        : Up is not null ? "↑ ↓ choose   Enter opens   Backspace folder above   type to narrow   Esc back"
        // An empty list has nothing to choose.
        : All.IsEmpty ? "Esc closes"
        : "↑ ↓ choose   Enter opens   type to narrow   Esc closes";

    /// <summary>Opens an empty list. The command fills it.</summary>
    public static Model Load(Model model, string title, Command command) => new ListDialog(title, []).Await(model, command);

    public sealed override Model Type(Model model, string text) =>
        !IsNumbered ? model with { Dialog = this with { Filter = Filter + CleanText.OneLine(text), At = 0 } }
        : All.FirstOrDefault(choice => choice.Key == text) is { } named ? Choose(model, named.Msg)
        : text is [>= '1' and <= '9' and var digit] && digit - '1' < All.Length && All[digit - '1'].Key is null
            ? Choose(model, All[digit - '1'].Msg)
        : model;

    public sealed override Model Press(Model model, EditKey key)
    {
        var last = Math.Max(0, Shown.Length - 1);
        return key switch
        {
            EditKey.Enter => At < Shown.Length ? Choose(model, Shown[At].Msg) : model,
            EditKey.Up or EditKey.BackTab => Move(Math.Max(0, At - 1)),
            EditKey.Down or EditKey.Tab => Move(Math.Min(last, At + 1)),
            EditKey.PageUp => Move(Math.Max(0, At - Page)),
            EditKey.PageDown => Move(Math.Min(last, At + Page)),
            EditKey.Home => Move(0),
            EditKey.End => Move(last),
            EditKey.Backspace or EditKey.Left when Filter.Length == 0 && Up is not null => Update.Apply(model, Up),
            EditKey.Backspace => model with { Dialog = this with { Filter = TextEdit.Of(Filter).After(key).Text, At = 0 } },
            _ => model,
        };

        Model Move(int to) => model with { Dialog = this with { At = to } };
    }

    /// <summary>A line was chosen, and has not done anything yet.</summary>
    protected virtual Model Note(Model model, Msg chosen) => model;

    /// <summary>An action starts as its key starts it: with nothing open.</summary>
    private Model Choose(Model model, Msg chosen)
    {
        var next = Update.Apply(Note(chosen is InputMsg.Start ? model with { Dialog = null } : model, chosen), chosen);
        return chosen is DialogMsg.Open or DialogMsg.LoadList && next.Dialog is { IsInPanel: false } opened
            ? next with
            {
                Dialog = opened with { ChosenIn = this },
            }
            : next;
    }

    public sealed override Model Close(Model model) => model with { Dialog = Up is null ? null : model.Unsent.Post };
}
