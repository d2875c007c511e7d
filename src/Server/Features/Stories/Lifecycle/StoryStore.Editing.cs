using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>What an author changes: words, audience and lifetime, a poll, a help request, and what is kept.</summary>
internal sealed partial class StoryStore
{
    /// <summary>Changes a story. Accounts that can no longer see it are told that it was removed.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>; <c>not_author</c>, and <c>invalid_request</c> for an audience that is not narrower.</exception>
    public Task<StoryEntry> EditAsync(int account, string id, StoryRevision revision, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var before = GetOwn(_projection.Pending, account, id);
                if (revision == new StoryRevision())
                {
                    return _projection.Pending.ById[id];
                }
                var now = NowInMilliseconds();
                var (numbers, names) = revision.Audience is { } asked
                    ? StoryRules.Narrow(before, asked, _accounts)
                    : (before.Audience, before.AudienceNames);
                var after = before with
                {
                    Caption = revision.Caption is { } caption ? (caption.Length == 0 ? null : caption) : before.Caption,
                    CaptionMentions = revision.CaptionMentions ?? before.CaptionMentions,
                    ExpiresAt = revision.Ttl is { } ttl ? now + ttl : before.ExpiresAt,
                    Tags = revision.Tags ?? before.Tags,
                    Audience = numbers,
                    AudienceNames = names,
                    RepliesOn = revision.RepliesOn ?? before.RepliesOn,
                    EditedAt = now,
                };
                var faults = new ValidationErrors();
                MentionRules.CheckCount(after.Mentioned, faults);
                faults.ThrowIfAny();
                Replace(batch, after, now);
                var mentioned = after.Mentioned.Except(before.Mentioned).ToArray();
                if (mentioned.Length > 0)
                {
                    batch.Raise(new AccountsMentioned(after.Subject, mentioned, now));
                }
                if (before.Audience?.Length != numbers?.Length)
                {
                    batch.Raise(new AudienceNarrowed(before.Subject, after.Audience, now));
                }
                return _projection.Pending.ById[id];
            },
            cancel
        );

    private static void Replace(WriteBatch batch, StoryRow row, DateTimeOffset now)
    {
        batch.Put(StoryRow.Collection, row);
        batch.Raise(new StoryUpdated(row.Subject, now));
    }

    private StoryRow GetOwn(StoryModel model, int account, string id) =>
        GetVisible(model, account, id).Row is var row && row.Author == account
            ? row
            : throw new ApiProblem(Errors.NotAuthor, "only its author may change a story");

    /// <summary>In whole milliseconds, as times are stored and shown, so that a restart changes nothing.</summary>
    private DateTimeOffset NowInMilliseconds() => _time.GetWholeMilliseconds();

    /// <summary>Closes a poll. A closed one stays as it is.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>; <c>not_author</c>, <c>poll_not_found</c>.</exception>
    public Task<StoryEntry> ClosePollAsync(int account, string id, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var row = GetOwn(_projection.Pending, account, id);
                var poll = row.Poll ?? throw new ApiProblem(Errors.PollNotFound, $"story {id} has no poll");
                if (poll.ClosedAt is null)
                {
                    var now = NowInMilliseconds();
                    Replace(batch, row with { Poll = poll with { ClosedAt = now } }, now);
                }
                return _projection.Pending.ById[id];
            },
            cancel
        );

    /// <summary>Marks a help request as resolved, or as open again.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>; <c>not_author</c>, <c>help_not_found</c>.</exception>
    public Task<StoryEntry> ResolveAsync(int account, string id, bool resolved, CancellationToken cancel) =>
        _database.CommitAsync(
            batch =>
            {
                var row = GetOwn(_projection.Pending, account, id);
                if (!row.AsksHelp)
                {
                    throw new ApiProblem(Errors.HelpNotFound, $"story {id} asks for no help");
                }
                if (row.HasOpenHelp == resolved)
                {
                    var now = NowInMilliseconds();
                    var after = row with { HelpResolvedAt = resolved ? now : null };
                    batch.Put(StoryRow.Collection, after);
                    batch.Raise(new HelpResolved(after.Subject, now));
                }
                return _projection.Pending.ById[id];
            },
            cancel
        );

    /// <summary>Adds a story to the end of one of its author's highlights.</summary>
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

    /// <summary>Stops keeping a story. If its lifetime is over, it ends now.</summary>
    /// <returns>Whether it ended, so that its files must be deleted.</returns>
    /// <exception cref="ApiProblem">As <see cref="GetVisible(int, string)"/>, and <c>not_author</c>.</exception>
    public Task<bool> UnkeepAsync(int account, string id, CancellationToken cancel) =>
        _database.CommitAsync(batch => GetOwn(_projection.Pending, account, id) is { KeptIn: not null } row && Unkeep(batch, row), cancel);

    /// <summary>Stops keeping all stories of a highlight.</summary>
    /// <returns>Ids of the stories that ended, whose files must be deleted.</returns>
    public Task<List<string>> DeleteHighlightAsync(int account, string name, CancellationToken cancel) =>
        _database.CommitAsync(batch => GetHighlight(account, name).Where(row => Unkeep(batch, row)).Select(row => row.Id).ToList(), cancel);

    /// <summary>Changes the order of a highlight.</summary>
    /// <exception cref="ApiProblem"><c>highlight_not_found</c>; <c>invalid_request</c> unless the order names each of its stories once.</exception>
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
        _lifecycle.Bury(batch, row, TombstoneRow.Expired, now);
        batch.Raise(new StoryExpired(row.Subject, now));
        return true;
    }
}
