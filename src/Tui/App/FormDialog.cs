using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>What a field takes. <see cref="More"/> takes nothing; Enter on it shows fields that are seldom needed.</summary>
internal enum FieldKind
{
    Line,
    Lines,

    /// <summary>A path; Enter lists files.</summary>
    File,

    /// <summary>Handles and circles; Enter lists them to choose from.</summary>
    People,

    /// <summary>One of <see cref="FormField.Values"/>; space chooses the other.</summary>
    Toggle,
    More,
}

/// <summary>One field of a form.</summary>
internal sealed record FormField(string Name, string Label, string Hint, TextEdit Text, FieldKind Kind = FieldKind.Line)
{
    /// <summary>It is written without being shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What a toggle can be.</summary>
    public ImmutableArray<string> Values { get; private init; } = [];

    /// <param name="name">Its name.</param>
    /// <param name="label">What stands before it.</param>
    /// <param name="values">What it can be.</param>
    /// <param name="value">What it is.</param>
    public static FormField Toggle(string name, string label, ImmutableArray<string> values, string value) =>
        new(name, label, "", TextEdit.Of(value), FieldKind.Toggle) { Values = values };

    /// <summary>A toggle with its next value, or the one before.</summary>
    public FormField Turned(int step) =>
        this with
        {
            Text = TextEdit.Of(Values[(Values.IndexOf(Text.Text) + step + Values.Length) % Values.Length]),
        };
}

/// <summary>Fields, and a button below them.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Button">What the button says.</param>
/// <param name="Fields">Its fields.</param>
/// <param name="At">The field with the caret; after the last one the button.</param>
internal abstract record FormDialog(string Title, string Button, ImmutableArray<FormField> Fields, int At = 0) : Dialog
{
    /// <summary>How far the files are sent.</summary>
    public Transfer? Upload { get; init; }

    /// <summary>What stands above the fields, where there is room for it.</summary>
    public virtual string Intro => "";

    public bool IsOnButton => At == Fields.Length;

    public sealed override bool TakesText => true;

    public override string? DraftName => $"{Title} {StoryId}";

    public sealed override Dialog Continue(Dialog earlier) =>
        earlier is FormDialog { Fields: var written }
            ? this with
            {
                Fields =
                [
                    .. Fields.Select(field =>
                        written.FirstOrDefault(one => one.Name == field.Name) is { } one ? field with { Text = one.Text } : field
                    ),
                ],
                IsBegun = true,
            }
            : this;

    public override string Hint =>
        (IsOn(FieldKind.Toggle) ? "space changes it   " : "")
        + $"↑ ↓ field   Enter {(IsOnButton ? Button.ToLowerInvariant() + "s" : EnterIn(Fields[At].Kind))}   Esc closes";

    /// <summary>The trimmed text of a field; empty if the form has no such field.</summary>
    public string this[string name] => Fields.FirstOrDefault(field => field.Name == name)?.Text.Text.Trim() ?? "";

    public sealed override Model Type(Model model, string text) =>
        IsOn(FieldKind.Toggle)
            ? (text == " " ? Turn(model, +1) : model)
            : Edit(model, edit => edit.Insert(Fields[At].Kind == FieldKind.Lines ? CleanText.Lines(text) : CleanText.OneLine(text)));

    public sealed override Model Press(Model model, EditKey key) =>
        key switch
        {
            EditKey.Enter when IsOnButton => Submit(model),
            EditKey.Enter when Fields[At].Kind is FieldKind.File or FieldKind.More => OnEnter(model, Fields[At].Kind),
            EditKey.Enter when IsOn(FieldKind.People) => PeoplePicker.Open(model, this),
            EditKey.Left or EditKey.Right when IsOn(FieldKind.Toggle) => Turn(model, key == EditKey.Left ? -1 : +1),
            EditKey.Enter when Fields[At].Kind == FieldKind.Lines => Edit(model, text => text.Insert("\n")),
            EditKey.Down or EditKey.Tab or EditKey.Enter => model with { Dialog = this with { At = Math.Min(Fields.Length, At + 1) } },
            EditKey.Up or EditKey.BackTab => model with { Dialog = this with { At = Math.Max(0, At - 1) } },
            _ => Edit(model, text => text.After(key)),
        };

    public sealed override Dialog Fail(string reason) => this with { Command = null, Upload = null, Error = reason };

    /// <summary>Adds the command of the filled form, or says in it what is wrong.</summary>
    protected abstract Model Submit(Model model);

    /// <summary>Enter on a field that takes no text.</summary>
    protected virtual Model OnEnter(Model model, FieldKind kind) => model;

    /// <summary>The form after a field got another text.</summary>
    protected virtual FormDialog OnEdited() => this;

    protected Model Refuse(Model model, string reason) => model with { Dialog = this with { Error = reason } };

    /// <summary>The form with another text in the field that has the caret.</summary>
    public FormDialog WithText(string text) =>
        (this with { Fields = Fields.SetItem(At, Fields[At] with { Text = TextEdit.Of(text) }), Error = null, IsBegun = true }).OnEdited();

    private bool IsOn(FieldKind kind) => !IsOnButton && Fields[At].Kind == kind;

    private Model Turn(Model model, int step) =>
        model with
        {
            Dialog = (this with { Fields = Fields.SetItem(At, Fields[At].Turned(step)), Error = null, IsBegun = true }).OnEdited(),
        };

    private Model Edit(Model model, Func<TextEdit, TextEdit> change)
    {
        if (IsOnButton || Fields[At].Kind is FieldKind.More or FieldKind.Toggle)
        {
            return model;
        }
        var field = Fields[At];
        var text = change(field.Text);
        var edited = this with { Fields = Fields.SetItem(At, field with { Text = text }), Error = null };
        return model with { Dialog = text.Text == field.Text.Text ? edited : (edited with { IsBegun = true }).OnEdited() };
    }

    private static string EnterIn(FieldKind kind) =>
        kind switch
        {
            FieldKind.File => "chooses a file",
            FieldKind.People => "chooses people",
            FieldKind.Lines => "new line",
            FieldKind.More => "shows more",
            _ => "next",
        };
}
