using System.Collections.Immutable;
using StoriesCli.Contracts;

namespace StoriesCli.Tui.App;

/// <summary>Applies how commands go and end.</summary>
internal static class CommandResults
{
    public static Model Update(Model model, CommandMsg msg) =>
        msg switch
        {
            CommandMsg.Progressed moved when Find(model, moved.Number) is { } command => command.Progress(model, moved.Transfer),
            CommandMsg.Ended ended when Find(model, ended.Number) is { } command => ended.Result.Update(
                model with
                {
                    Commands = model.Commands.Remove(command),
                },
                awaited: model.Dialog?.Command == ended.Number
            ),
            // Cancelled meanwhile. If it took effect after all, an event says so.
            _ => model,
        };

    /// <summary>Closes the dialog that waited for a command. The story behind it is shown for its whole time again.</summary>
    public static Model CloseDialog(this Model model, bool awaited) =>
        awaited ? model with { Dialog = null, Elapsed = TimeSpan.Zero } : model;

    private static Command? Find(Model model, int number) => model.Commands.FirstOrDefault(command => command.Number == number);
}

internal sealed record CommandFailed(string Reason) : CommandResult
{
    public override Model Update(Model model, bool awaited) =>
        awaited ? model with { Dialog = model.Dialog!.Fail(Reason) } : model.Notify(Reason);
}

/// <summary>It was done, and there is nothing to say.</summary>
internal sealed record Quiet : CommandResult
{
    public override Model Update(Model model, bool awaited) => model.CloseDialog(awaited);
}

/// <summary>A sentence for the footer.</summary>
internal sealed record Notice(string Text) : CommandResult
{
    public override Model Update(Model model, bool awaited) => model.CloseDialog(awaited).Notify(Text);
}

internal sealed record StoryChanged(Story Story, string? Text) : CommandResult
{
    public override Model Update(Model model, bool awaited)
    {
        model = EventUpdate.Refresh(model.CloseDialog(awaited), Story);
        return Text is null ? model : model.Notify(Text);
    }
}

internal sealed record StoryRemoved(string StoryId, string Text) : CommandResult
{
    public override Model Update(Model model, bool awaited) => EventUpdate.Remove(model.CloseDialog(awaited), StoryId).Notify(Text);
}

/// <summary>Fills the list that waits for it.</summary>
/// <param name="Choices">Its lines.</param>
/// <param name="Title">Its title.</param>
/// <param name="Up">What Backspace does; null: nothing.</param>
internal sealed record ListLoaded(ImmutableArray<Choice> Choices, string Title, Msg? Up = null) : CommandResult
{
    public override Model Update(Model model, bool awaited) =>
        awaited
            ? model with
            {
                Dialog = (model.Dialog as ListDialog ?? new(Title, [])) with
                {
                    Title = Title,
                    All = Choices,
                    Up = Up,
                    Filter = "",
                    At = 0,
                    Command = null,
                    Error = Choices.IsEmpty ? "Nothing here." : null,
                },
            }
            : model;
}

/// <summary>Stories that open as an album.</summary>
/// <param name="Title">Title of the album.</param>
/// <param name="Stories">In the order of the album.</param>
/// <param name="IsArchive">They have expired; only their author can see them.</param>
/// <param name="Highlight">Name of the highlight, if it is one.</param>
internal sealed record AlbumFound(string Title, ImmutableArray<Story> Stories, bool IsArchive = false, string? Highlight = null)
    : CommandResult
{
    public override Model Update(Model model, bool awaited) =>
        !awaited ? model
        : Stories.IsEmpty ? model with { Dialog = model.Dialog!.Fail("Nothing found.") }
        : Albums.Open(model.CloseDialog(awaited), Title, Stories, IsArchive, Highlight);
}

/// <summary>Another dialog takes the place of the one that waits.</summary>
internal sealed record DialogOpened(Dialog Dialog) : CommandResult
{
    public override Model Update(Model model, bool awaited) =>
        Dialog is MessageDialog { Copied: { } copied } ? (model with { Dialog = Dialog }).Copy(copied)
        : awaited ? model with { Dialog = Dialog }
        : model;
}
