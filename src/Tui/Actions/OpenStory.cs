using StoriesCli.Tui.Actions.Account;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Opens one story as an album; if it is gone, what is left of it. Lists that name stories lead here.</summary>
internal sealed record OpenStory(string StoryId, string Title) : Command
{
    public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
    {
        try
        {
            return new AlbumFound(Title, [await context.Client.Stories.GetAsync(StoryId, stop).ConfigureAwait(false)]);
        }
        catch (ApiException e) when (e.Status == 410)
        {
            return await DeletedStory.FindAsync(context, StoryId, stop).ConfigureAwait(false);
        }
    }
}
