using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Writes a story with its media and thread into a folder, to be committed.</summary>
internal sealed class PromoteStory() : StoryAction("save as files", null, new ActionKey("promote", "x"))
{
    public override bool IsOffWhenRestricted => true;

    protected override Model StartRestricted(Model model) => model.Notify("Saving files is off here: --restricted.");

    protected override Model Start(Model model, Story shown) =>
        model with
        {
            Dialog = new FolderPrompt(TextEdit.Proposing($"story-{shown.Id[^6..]}")) { StoryId = shown.Id },
        };

    private sealed record FolderPrompt(TextEdit Text)
        : PromptDialog(
            "Write it with its thread, to be committed, into the folder",
            "made when there is none; what exists is not replaced",
            Text
        )
    {
        protected override Command? Read(Model model, string answer) =>
            answer.Length > 0 && model.Shown is { } shown ? new Promote(shown, answer) : null;
    }

    public sealed record Promote(Story Story, string Folder) : Command
    {
        public override bool IsLong => true;

        public override bool IsOffWhenRestricted => true;

        public override string? GoneOn410 => Story.Id;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            context.Options.Promote is { } write
                ? new Notice($"Written: {await write(Story, context.FullPath(Folder), stop).ConfigureAwait(false)}")
                : new CommandFailed("That cannot be done here.");
    }
}
