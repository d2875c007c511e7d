using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class ResolveHelp() : StoryAction("resolve your help request", null, new ActionKey("resolve", "R"))
{
    public override bool IsForAuthor => true;

    protected override bool Applies(Model model, Story shown) => shown.Help is not null;

    protected override Model Start(Model model, Story shown) =>
        shown.Help is { } help ? model.Run(new Send(shown.Id, !help.Resolved)) : model.Notify("This story does not ask for help.");

    public sealed record Send(string StoryId, bool Resolved) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            if (Resolved)
            {
                return new StoryChanged(await context.Client.Conversation.ResolveAsync(StoryId, stop).ConfigureAwait(false), "Resolved.");
            }
            await context.Client.Conversation.UnresolveAsync(StoryId, stop).ConfigureAwait(false);
            return new StoryChanged(await context.Client.Stories.GetAsync(StoryId, stop).ConfigureAwait(false), "Open again.");
        }
    }
}
