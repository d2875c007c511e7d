using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What has expired and its author keeps for themselves. No other route than those of the archive asks here.</summary>
internal sealed class StoryArchive(
    StoryProjection projection,
    StoryInventory inventory,
    StoryLifecycle lifecycle,
    StoryStore stories,
    Database database,
    TimeProvider time
)
{
    /// <summary>An author's archive, newest first: also what has expired and is not swept yet.</summary>
    /// <param name="author">Whose.</param>
    /// <param name="before">Only what is older than the story with this id; empty for all.</param>
    /// <param name="scans">Everybody's archive is looked through for it.</param>
    /// <param name="cancel">Ends the search.</param>
    public async Task<List<StoryEntry>> ArchiveOfAsync(int author, string before, StoryScanner scans, CancellationToken cancel)
    {
        var model = projection.Current;
        var now = time.GetUtcNow();
        var entries = model
            .Archived.Concat(model.Expiries.TakeWhile(e => e.At <= now.ToUnixTimeMilliseconds()))
            .Select(e => model.ById[e.Id]);
        var own = await scans
            .FindAsync(entries, entry => entry.Row.Author == author && inventory.IsArchived(entry.Row, now), int.MaxValue, cancel)
            .ConfigureAwait(false);
        // By ids, so that what expires between two pages moves nothing.
        own.RemoveAll(entry => before.Length > 0 && string.CompareOrdinal(entry.Row.Id, before) >= 0);
        own.Sort((left, right) => string.CompareOrdinal(right.Row.Id, left.Row.Id));
        return own;
    }

    /// <summary>Whether a story that was found in its author's archive is still there.</summary>
    public bool IsStillArchived(StoryEntry found) =>
        projection.Current.ById.TryGetValue(found.Row.Id, out var entry) && inventory.IsArchived(entry.Row, time.GetUtcNow());

    /// <exception cref="ApiProblem"><c>story_not_found</c>, whatever there is of this id elsewhere.</exception>
    public StoryEntry GetArchived(int author, string id) => GetArchived(projection.Current, author, id);

    private StoryEntry GetArchived(StoryModel model, int author, string id) =>
        model.ById.TryGetValue(id, out var entry) && entry.Row.Author == author && inventory.IsArchived(entry.Row, time.GetUtcNow())
            ? entry
            : throw new ApiProblem(Errors.StoryNotFound, $"your archive has no story {Excerpt.Of(id)}");

    /// <summary>Takes a story out of its author's archive for good.</summary>
    /// <exception cref="ApiProblem"><c>story_not_found</c>.</exception>
    public async Task DeleteArchivedAsync(int author, string id, CancellationToken cancel)
    {
        await database
            .CommitAsync(
                batch =>
                {
                    var row = GetArchived(projection.Pending, author, id).Row;
                    lifecycle.Bury(batch, row, TombstoneRow.Expired, row.ExpiresAt);
                    return true;
                },
                cancel
            )
            .ConfigureAwait(false);
        await stories.EraseAsync().ConfigureAwait(false);
    }

    /// <summary>Ends all that an account has in its archive.</summary>
    /// <returns>The ids whose files must go.</returns>
    public Task<List<string>> ForgetArchiveAsync(int author) =>
        database.CommitAsync(batch =>
        {
            var model = projection.Pending;
            var rows = model.Archived.Select(a => model.ById[a.Id].Row).Where(row => row.Author == author).ToList();
            foreach (var row in rows)
            {
                lifecycle.Bury(batch, row, TombstoneRow.Expired, row.ExpiresAt);
            }
            return rows.ConvertAll(row => row.Id);
        });
}
