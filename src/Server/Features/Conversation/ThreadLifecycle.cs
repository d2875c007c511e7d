using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Deletes threads 30 days after their story expired.</summary>
internal sealed class ThreadLifecycle(ThreadStore threads, StoryStore stories, StoryInventory inventory, UnknownMedia unknown)
    : IDeletesExpired
{
    public Task DeleteExpiredAsync(CancellationToken cancel) => threads.DeleteAsync(IsThreadOver, cancel);

    /// <summary>While rows seem to be lost, keeps threads of unknown stories: they may be all that is left of these.</summary>
    private bool IsThreadOver(string id) =>
        stories.IsThreadOver(id) && (unknown.Held.Ids == 0 || inventory.Has(id) || inventory.IsGone(id));
}
