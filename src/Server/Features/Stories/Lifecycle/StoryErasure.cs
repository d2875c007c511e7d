using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Erases the stories of an account, their files, and the account's number in the stories of others.</summary>
internal sealed class StoryErasure(StoryLifecycle stories, MediaStore media) : IErasesAccounts
{
    private const int StoriesPerCommit = 64;

    public async Task EraseAsync(int account, string handle)
    {
        while (await stories.BuryOfAsync(account, StoriesPerCommit).ConfigureAwait(false) is { Count: > 0 } buried)
        {
            foreach (var id in buried)
            {
                await media.DeleteAsync(id, CancellationToken.None).ConfigureAwait(false);
            }
        }
        await stories.EraseNumberAsync(account).ConfigureAwait(false);
    }
}
