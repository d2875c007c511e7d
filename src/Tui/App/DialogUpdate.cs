namespace StoriesCli.Tui.App;

/// <summary>Keys and messages while a dialog is open: what is the same for all dialogs.</summary>
internal static class DialogUpdate
{
    public static Model Apply(Model model, DialogMsg msg) =>
        msg switch
        {
            DialogMsg.Open open => model with { Dialog = open.Dialog },
            DialogMsg.LoadList list => ListDialog.Load(model, list.Title, list.Command),
            DialogMsg.Run run => RunBehind(model, run.Command),
            _ => model,
        };

    public static Model Type(Model model, string text) =>
        model.Dialog is { Command: null, IsOrphaned: false } dialog ? dialog.Type(model, text) : model;

    /// <summary>Terminals send a carriage return where the pasted text has a new line.</summary>
    public static Model Paste(Model model, string text) =>
        model.Dialog is { TakesText: true } or ListDialog { IsNumbered: false }
            ? Type(model, text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'))
            : model;

    public static Model Press(Model model, EditKey key) =>
        model.Dialog is not { } dialog ? model
        : key == EditKey.Escape ? Close(model)
        : dialog is { Command: null, IsOrphaned: false } ? dialog.Press(model, key)
        : model;

    /// <summary>Cancels the command that the dialog waits for.</summary>
    public static Model Close(Model model) =>
        model.Dialog is not { } dialog ? model
        : dialog.Command is not { } awaited ? Back(dialog.Close(Keep(model, dialog)), dialog)
        : Back(
            dialog.Close(Keep(model, dialog) with { Commands = model.Commands.RemoveAll(command => command.Number == awaited) }),
            dialog
        );

    /// <summary>A list that the closed dialog was chosen in is there again.</summary>
    private static Model Back(Model model, Dialog closed) => model.Dialog is null ? model with { Dialog = closed.ChosenIn } : model;

    /// <summary>What was written in a dialog and not sent.</summary>
    private static Model Keep(Model model, Dialog dialog) =>
        dialog is { DraftName: not null, IsBegun: true, IsOrphaned: false } ? model with { Unsent = model.Unsent.Keep(dialog) } : model;

    /// <summary>A dialog that was just opened has what was written in it before and not sent.</summary>
    public static Model Continue(Model before, Model model) =>
        !ReferenceEquals(before.Dialog, model.Dialog)
        && !model.Unsent.Others.IsEmpty
        && model.Dialog is { DraftName: { } name, IsBegun: false } opened
        && model.Unsent.Others.FirstOrDefault(other => other.DraftName == name) is { } earlier
            ? model with
            {
                Dialog = opened.Continue(earlier),
                Unsent = model.Unsent.Without(opened),
            }
            : model;

    /// <summary>The open dialog stays until the result of the command is there.</summary>
    public static Model RunBehind(Model model, Command command)
    {
        model = model.Run(command);
        return model with { Dialog = model.Dialog is { } dialog ? dialog with { Command = model.LastCommand, Error = null } : null };
    }

    /// <summary>Closes a dialog whose story is gone. One that was typed in stays to be read.</summary>
    public static Model CheckStory(Model model)
    {
        if (model.Dialog is not { StoryId: { } id, IsOrphaned: false } dialog || model.Tray.Places.Any(place => place.IndexOf(id) >= 0))
        {
            return model;
        }
        // A request that was already sent may still succeed.
        return !dialog.TakesText ? Close(model).Notify("That story is gone.")
            : dialog.Command is not null ? model
            : (model with { Dialog = dialog with { IsOrphaned = true, Error = "That story is gone. Esc closes." } }).Notify(
                "That story is gone."
            );
    }
}
