using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Keeps the viewer's own story in a highlight beyond its lifetime, or stops keeping it.</summary>
internal sealed class KeepStory() : StoryAction("keep your story, or undo", "keep", new ActionKey("keep", "K") { Classic = "k" })
{
    public override bool IsForAuthor => true;

    protected override Model Start(Model model, Story shown) =>
        model with
        {
            Dialog = shown.KeptIn is { } highlight
                ? new ConfirmDialog(
                    $"Stop keeping it in {highlight}?",
                    "A story whose lifetime is over ends at once.",
                    new Unkeep(shown.Id)
                )
                {
                    StoryId = shown.Id,
                    IsDestructive = true,
                }
                : new HighlightPrompt { StoryId = shown.Id },
        };

    private sealed record HighlightPrompt()
        : PromptDialog("Keep beyond its lifetime, in the highlight", "a-z 0-9 . _ -", TextEdit.Proposing(NewKeep.DefaultHighlight))
    {
        protected override Command? Read(Model model, string answer) => Names.Highlight.IsMatch(answer) ? new Keep(StoryId!, answer) : null;
    }

    public sealed record Keep(string StoryId, string Highlight) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new StoryChanged(
                await context.Client.Highlights.KeepAsync(StoryId, Highlight, stop).ConfigureAwait(false),
                $"Kept in {Highlight}."
            );
    }

    public sealed record Unkeep(string StoryId) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            await context.Client.Highlights.UnkeepAsync(StoryId, stop).ConfigureAwait(false);
            try
            {
                return new StoryChanged(await context.Client.Stories.GetAsync(StoryId, stop).ConfigureAwait(false), "No longer kept.");
            }
            catch (ApiException e) when (e.Status == 410)
            {
                return new StoryRemoved(StoryId, "No longer kept: its lifetime was over.");
            }
        }
    }
}
