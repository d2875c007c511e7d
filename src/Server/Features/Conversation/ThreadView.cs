using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Replies and acknowledgements as the API shows them.</summary>
internal sealed class ThreadView(ThreadStore threads, AccountStore accounts)
{
    public Reply Of(ReplyRow row) =>
        new()
        {
            Id = row.Id,
            Author = accounts.GetPerson(row.Writer),
            Text = row.Text,
            CreatedAt = row.At,
        };

    /// <summary>Null when it was deleted.</summary>
    public Reply? Find(string story, string id) => threads.Of(story).Find(id) is { } row ? Of(row) : null;

    public IReadOnlyList<Acknowledgement> AcksOf(string story) =>
        [
            .. threads
                .Of(story)
                .AckedAt.OrderBy(a => a.Value)
                .ThenBy(a => a.Key)
                .Select(a => new Acknowledgement { Person = accounts.GetPerson(a.Key), At = a.Value }),
        ];

    /// <summary>Oldest first. The cursor is the id of the last reply, so that deletions between two pages shift nothing.</summary>
    public Page<Reply> List(string story, string? after, int limit)
    {
        var found = threads.Of(story).After(after).Take(limit + 1).ToList();
        return new() { Items = [.. found.Take(limit).Select(Of)], NextCursor = found.Count > limit ? found[limit - 1].Id : null };
    }
}
