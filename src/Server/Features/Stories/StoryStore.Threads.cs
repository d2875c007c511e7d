using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Who may read a thread: accounts that may see its story and, for a while after the expiry, those that could.</summary>
internal sealed partial class StoryStore
{
    /// <summary>Inside a change: a story that this account may see now.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>.</exception>
    public StoryEntry GetPending(int account, string id) => GetVisible(_projection.Pending, account, id);

    /// <summary>Inside a change: as <see cref="FindVisible(int, string)"/>.</summary>
    public StoryEntry? FindPending(int account, string id) => _projection.Pending.FindVisible(account, id, _time.GetUtcNow());

    /// <returns>Number of the author of the story, whose thread this account may read now.</returns>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>, but <c>story_expired</c> only once the thread is gone too.</exception>
    public int GetThreadAuthor(int account, string id) => GetThreadAuthor(_projection.Current, account, id);

    /// <summary>Inside a change: as <see cref="GetThreadAuthor(int, string)"/>.</summary>
    public int GetPendingThreadAuthor(int account, string id) => GetThreadAuthor(_projection.Pending, account, id);

    public bool MayReadThread(int account, string id) => FindThreadAuthor(_projection.Current, account, id) is not null;

    /// <summary>Whether nobody may read the story's thread any longer.</summary>
    public bool IsThreadOver(string id) => IsThreadOver(_projection.Current, id);

    private int GetThreadAuthor(StoryModel model, int account, string id) =>
        FindThreadAuthor(model, account, id) ?? GetVisible(model, account, id).Row.Author;

    private int? FindThreadAuthor(StoryModel model, int account, string id) =>
        IsThreadOver(model, id) ? null
        : model.ById.TryGetValue(id, out var entry) ? (CouldSee(account, entry.Row) ? entry.Row.Author : null)
        : CouldSee(account, model.Tombstones[id]) ? model.Tombstones[id].Author
        : null;

    private bool IsThreadOver(StoryModel model, string id)
    {
        var oldest = _time.GetUtcNow() - _options.ThreadRetention;
        return model.ById.TryGetValue(id, out var entry)
            ? entry.Row.IsOver(oldest)
            : !model.Tombstones.TryGetValue(id, out var tombstone) || tombstone.Reason != TombstoneRow.Expired || tombstone.At <= oldest;
    }
}
