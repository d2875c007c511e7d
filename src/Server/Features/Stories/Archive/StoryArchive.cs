using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Expired stories that their authors keep in their archives. Only the routes of the archive read them.</summary>
internal sealed class StoryArchive(
    StoryProjection projection,
    StoryInventory inventory,
    StoryLifecycle lifecycle,
    Database database,
    TimeProvider time
)
{
    /// <summary>An author's archive, newest first, including stories that have expired but are not swept yet.</summary>
    /// <param name="author">Whose.</param>
    /// <param name="before">Only stories older than the one with this id; empty for all.</param>
    /// <param name="scans">Runs the search through the archive.</param>
    /// <param name="cancel">Cancels the search.</param>
    public async Task<List<StoryEntry>> ArchiveOfAsync(int author, string before, StoryScanner scans, CancellationToken cancel)
    {
        var model = projection.Current;
        var now = time.GetUtcNow();
        var entries = model
            .In(StorySet.InArchiveOf(author))
            .Concat(model.Times.ExpiredUntil(now).Where(row => row.Author == author))
            .Select(row => model.ById[row.Id]);
        var own = await scans.FindAsync(entries, entry => inventory.IsArchived(entry.Row, now), int.MaxValue, cancel).ConfigureAwait(false);
        // By id, so that stories that expire between two pages shift nothing.
        own.RemoveAll(entry => before.Length > 0 && string.CompareOrdinal(entry.Row.Id, before) >= 0);
        own.Sort((left, right) => string.CompareOrdinal(right.Row.Id, left.Row.Id));
        return own;
    }

    /// <summary>Whether a story that was found in its author's archive is still there.</summary>
    public bool IsStillArchived(StoryEntry found) =>
        projection.Current.ById.TryGetValue(found.Row.Id, out var entry) && inventory.IsArchived(entry.Row, time.GetUtcNow());

    /// <exception cref="ApiProblem"><c>story_not_found</c>, even if a story with this id exists elsewhere.</exception>
    public StoryEntry GetArchived(int author, string id) => GetArchived(projection.Current, author, id);

    private StoryEntry GetArchived(StoryModel model, int author, string id) =>
        model.ById.TryGetValue(id, out var entry) && entry.Row.Author == author && inventory.IsArchived(entry.Row, time.GetUtcNow())
            ? entry
            : throw new ApiProblem(Errors.StoryNotFound, $"your archive has no story {Excerpt.Of(id)}");

    /// <summary>Deletes a story from its author's archive for good.</summary>
    /// <exception cref="ApiProblem"><c>story_not_found</c>.</exception>
    public Task DeleteArchivedAsync(int author, string id, CancellationToken cancel) =>
        database.CommitAsync(
            batch =>
            {
                var row = GetArchived(projection.Pending, author, id).Row;
                lifecycle.Bury(batch, row, TombstoneRow.Expired, row.ExpiresAt);
                return true;
            },
            cancel
        );

    /// <summary>Removes all stories from an account's archive.</summary>
    /// <returns>Ids of the stories whose files must be deleted.</returns>
    public Task<List<string>> ForgetArchiveAsync(int author) =>
        database.CommitAsync(batch =>
        {
            var rows = projection.Pending.In(StorySet.InArchiveOf(author)).ToList();
            foreach (var row in rows)
            {
                lifecycle.Bury(batch, row, TombstoneRow.Expired, row.ExpiresAt);
            }
            return rows.ConvertAll(row => row.Id);
        });
}
