using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

internal sealed partial class StoryStore
{
    /// <summary>Puts a story at the end of a highlight of its author's.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>; <c>not_author</c>, and <c>invalid_request</c> when the highlight is full.</exception>
    public Task<StoryEntry> KeepAsync(int account, string id, string highlight, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var model = _projection.Pending;
                var row = GetOwn(model, account, id);
                if (row.KeptIn != highlight)
                {
                    var kept = model.KeptIn(account, highlight);
                    if (kept.Length >= Limits.HighlightStories)
                    {
                        throw ApiProblem.Invalid(
                            "highlight",
                            $"keeps at most {Limits.HighlightStories} stories, and \"{highlight}\" has {kept.Length}"
                        );
                    }
                    var rank = kept.IsEmpty ? 0 : model.ById[kept[^1]].Row.KeptRank + 1;
                    var now = NowInMilliseconds();
                    Replace(batch, row with { KeptIn = highlight, KeptAt = now, KeptRank = rank }, now);
                }
                return _projection.Pending.ById[id];
            },
            cancel
        );

    /// <summary>Keeps a story no longer; one whose lifetime is over ends now.</summary>
    /// <returns>Whether it ended, so that its files must go.</returns>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>, and <c>not_author</c>.</exception>
    public Task<bool> UnkeepAsync(int account, string id, CancellationToken cancel) =>
        _database.CommitAsync(batch => GetOwn(_projection.Pending, account, id) is { KeptIn: not null } row && Unkeep(batch, row), cancel);

    /// <summary>Keeps none of a highlight's stories any longer.</summary>
    /// <returns>The ids of those that ended, whose files must go.</returns>
    public Task<List<string>> DeleteHighlightAsync(int account, string name, CancellationToken cancel) =>
        _database.CommitAsync(batch => GetHighlight(account, name).Where(row => Unkeep(batch, row)).Select(row => row.Id).ToList(), cancel);

    /// <summary>Gives a highlight another order.</summary>
    /// <exception cref="ApiProblem"><c>highlight_not_found</c>; <c>invalid_request</c> unless each of its stories is named once.</exception>
    public Task OrderHighlightAsync(int account, string name, string[] order, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var rows = GetHighlight(account, name).ToDictionary(row => row.Id, StringComparer.Ordinal);
                if (Array.FindIndex(order, id => id is null || !rows.ContainsKey(id)) is >= 0 and var unknown)
                {
                    throw ApiProblem.Invalid("order", $"\"{name}\" does not keep {Excerpt.Of(order[unknown])}");
                }
                if (order.Length != rows.Count || order.Distinct().Count() != rows.Count)
                {
                    throw ApiProblem.Invalid(
                        "order",
                        $"must name each of the {rows.Count} stories once, {DescribeFault(rows.Keys, order)}"
                    );
                }
                for (var rank = 0; rank < order.Length; rank++)
                {
                    batch.Put(StoryRow.Collection, rows[order[rank]] with { KeptRank = rank });
                }
                return true;
            },
            cancel
        );

    private static string DescribeFault(IEnumerable<string> kept, string[] order)
    {
        var twice = order.GroupBy(id => id).Where(named => named.Count() > 1).Select(named => named.Key).ToList();
        var missing = kept.Except(order).ToList();
        return string.Join(" and ", new[] { Say(twice, "names more than once"), Say(missing, "leaves out") }.OfType<string>());

        static string? Say(List<string> ids, string what) =>
            ids.Count switch
            {
                0 => null,
                1 => $"{what} {ids[0]}",
                _ => $"{what} {ids[0]} and {ids.Count - 1} more",
            };
    }

    private List<StoryRow> GetHighlight(int account, string name)
    {
        var model = _projection.Pending;
        return model.KeptIn(account, name) is { IsEmpty: false } ids
            ? [.. ids.Select(id => model.ById[id].Row)]
            : throw new ApiProblem(Errors.HighlightNotFound, $"there is no highlight \"{Excerpt.Of(name)}\"");
    }

    private bool Unkeep(WriteBatch batch, StoryRow row)
    {
        var now = NowInMilliseconds();
        if (row.IsListed(now))
        {
            Replace(batch, row with { KeptIn = null, KeptAt = null, KeptRank = 0 }, now);
            return false;
        }
        Bury(batch, row, TombstoneRow.Expired, now);
        batch.Raise(new StoryExpired(row.Subject, now));
        return true;
    }
}
