using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What has expired and its author keeps for themselves. No other route than those of the archive asks here.</summary>
internal sealed partial class StoryStore
{
    /// <summary>An author's archive, newest first: also what has expired and is not swept yet.</summary>
    /// <param name="author">Whose.</param>
    /// <param name="before">Only what is older than the story with this id; empty for all.</param>
    /// <param name="scans">Everybody's archive is looked through for it.</param>
    /// <param name="cancel">Ends the search.</param>
    public async Task<List<StoryEntry>> ArchiveOfAsync(int author, string before, StoryScanner scans, CancellationToken cancel)
    {
        var model = _projection.Current;
        var now = _time.GetUtcNow();
        var entries = model
            .Archived.Concat(model.Expiries.TakeWhile(e => e.At <= now.ToUnixTimeMilliseconds()))
            .Select(e => model.ById[e.Id]);
        var own = await scans
            .FindAsync(entries, entry => entry.Row.Author == author && IsArchived(entry.Row, now), int.MaxValue, cancel)
            .ConfigureAwait(false);
        // By ids, so that what expires between two pages moves nothing.
        own.RemoveAll(entry => before.Length > 0 && string.CompareOrdinal(entry.Row.Id, before) >= 0);
        own.Sort((left, right) => string.CompareOrdinal(right.Row.Id, left.Row.Id));
        return own;
    }

    /// <summary>Whether a story that was found in its author's archive is still there.</summary>
    public bool IsStillArchived(StoryEntry found) =>
        _projection.Current.ById.TryGetValue(found.Row.Id, out var entry) && IsArchived(entry.Row, _time.GetUtcNow());

    /// <exception cref="ApiProblem"><c>story_not_found</c>, whatever there is of this id elsewhere.</exception>
    public StoryEntry GetArchived(int author, string id) => GetArchived(_projection.Current, author, id);

    private StoryEntry GetArchived(StoryModel model, int author, string id) =>
        model.ById.TryGetValue(id, out var entry) && entry.Row.Author == author && IsArchived(entry.Row, _time.GetUtcNow())
            ? entry
            : throw new ApiProblem(Errors.StoryNotFound, $"your archive has no story {Excerpt.Of(id)}");

    /// <summary>Takes a story out of its author's archive for good.</summary>
    /// <exception cref="ApiProblem"><c>story_not_found</c>.</exception>
    public async Task DeleteArchivedAsync(int author, string id, CancellationToken cancel)
    {
        await _database
            .CommitAsync(
                batch =>
                {
                    var row = GetArchived(_projection.Pending, author, id).Row;
                    Bury(batch, row, TombstoneRow.Expired, row.ExpiresAt);
                    return true;
                },
                cancel
            )
            .ConfigureAwait(false);
        await EraseAsync().ConfigureAwait(false);
    }

    /// <summary>Ends all that an account has in its archive.</summary>
    /// <returns>The ids whose files must go.</returns>
    public Task<List<string>> ForgetArchiveAsync(int author) =>
        _database.CommitAsync(batch =>
        {
            var model = _projection.Pending;
            var rows = model.Archived.Select(a => model.ById[a.Id].Row).Where(row => row.Author == author).ToList();
            foreach (var row in rows)
            {
                Bury(batch, row, TombstoneRow.Expired, row.ExpiresAt);
            }
            return rows.ConvertAll(row => row.Id);
        });

    /// <summary>Whether a story has expired and its author, who alone may, can still see it. What expired before the archive was asked for is not in it.</summary>
    private bool IsArchived(StoryRow row, DateTimeOffset now) =>
        row.IsExpired(now) && row.ExpiresAt + Limits.ArchiveLife > now && _accounts.ArchiveSince(row.Author) < row.ExpiresAt;

    private void Archive(WriteBatch batch, StoryRow row)
    {
        batch.Put(StoryRow.Collection, row with { Archived = true, Replaced = false, ReplacedFor = null });
        // Of what others did with it nothing outlives its expiry here either.
        DeleteViews(batch, row.Id);
        batch.Raise(new StoryEnded(row.Id, KeepsThread: true));
    }
}
