using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Deletes threads 30 days after their story expired.</summary>
internal sealed class ThreadLifecycle(ThreadStore threads, StoryStore stories, StoryInventory inventory, UnknownMedia unknown)
    : IDeletesExpired
{
    public Task DeleteExpiredAsync(CancellationToken cancel) => threads.DeleteAsync(IsThreadOver, cancel);

    /// <summary>While rows seem to be lost, a thread whose story nobody knows may be all that is left of it.</summary>
    private bool IsThreadOver(string id) =>
        stories.IsThreadOver(id) && (unknown.Held.Ids == 0 || inventory.Has(id) || inventory.IsGone(id));
}
