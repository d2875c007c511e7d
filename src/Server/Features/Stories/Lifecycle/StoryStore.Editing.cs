using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

internal sealed partial class StoryStore
{
    /// <summary>Changes a story; who may no longer see it is told that it is gone.</summary>
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

    /// <summary>As times are stored and shown, so that nothing changes with a restart.</summary>
    private DateTimeOffset NowInMilliseconds() => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
}
