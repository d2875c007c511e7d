using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class AcknowledgeStory() : StoryAction("acknowledge, or undo", "ack", new ActionKey("ack", "a"))
{
    protected override Model Start(Model model, Story shown) => model.Run(new Send(shown.Id, !shown.Acked));

    public sealed record Send(string StoryId, bool Acked) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            if (Acked)
            {
                return new StoryChanged(await context.Client.Conversation.AckAsync(StoryId, stop).ConfigureAwait(false), "Acknowledged.");
            }
            await context.Client.Conversation.UnackAsync(StoryId, stop).ConfigureAwait(false);
            return new StoryChanged(
                await context.Client.Stories.GetAsync(StoryId, stop).ConfigureAwait(false),
                "Acknowledgement taken back."
            );
        }
    }
}
