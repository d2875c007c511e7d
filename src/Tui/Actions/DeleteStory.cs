using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Deletes the viewer's own story. An admin may delete any story. In the archive it deletes for good.</summary>
internal sealed class DeleteStory() : StoryAction("delete your story", null, new ActionKey("delete", "D"))
{
    public override bool WorksInArchive => true;

    protected override bool Applies(Model model, Story shown) => shown.Author.Handle == model.Session.Me || model.Session.IsAdmin;

    protected override Model Start(Model model, Story shown) =>
        model.Tray.OpenPlace is { IsArchive: true }
            ? Ask(model, shown, "Delete it from your archive, for good?", "Nobody else can see it now.", new DeleteArchived(shown.Id))
        : shown.Author.Handle == model.Session.Me
            ? Ask(model, shown, "Delete this story for everybody?", "Its replies and reactions go with it.", new Delete(shown.Id))
        : model.Session.IsAdmin
            ? Ask(
                model,
                shown,
                $"Delete this story of @{shown.Author.Handle} for everybody, as an admin?",
                "Its replies and reactions go with it. That you did it is noted.",
                new Delete(shown.Id)
            )
        : model.Notify("Only its author can do that.");

    private static Model Ask(Model model, Story shown, string question, string detail, Command onYes) =>
        model with
        {
            Dialog = new ConfirmDialog(question, detail, onYes) { StoryId = shown.Id, IsDestructive = true },
        };

    public sealed record Delete(string StoryId) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            await context.Client.Stories.DeleteAsync(StoryId, stop).ConfigureAwait(false);
            return new StoryRemoved(StoryId, "Deleted.");
        }
    }

    public sealed record DeleteArchived(string StoryId) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            await context.Client.Archive.DeleteAsync(StoryId, stop).ConfigureAwait(false);
            return new ArchivedRemoved(StoryId);
        }
    }

    public sealed record ArchivedRemoved(string StoryId) : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            Removal.Without(model.CloseDialog(awaited), story => story.Id == StoryId, inArchive: true).Notify("Deleted for good.");
    }
}
