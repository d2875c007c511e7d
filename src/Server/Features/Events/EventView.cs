using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Conversation;
using StoriesCli.Server.Features.Stories;

namespace StoriesCli.Server.Features.Events;

/// <summary>All that decides how an event looks to a listener that may see it: to listeners with equal values, it looks the same.</summary>
/// <param name="MayRead">Whether it gets other people's texts.</param>
/// <param name="IsAuthor">Whether the story is its own.</param>
/// <param name="Viewed">Whether it has viewed the story.</param>
/// <param name="Muted">Whether it has muted the story.</param>
/// <param name="Reaction">Its reaction to the story; null when there is none.</param>
/// <param name="Acked">Whether it has acknowledged the story.</param>
/// <param name="Vote">Index of the option that it chose; null when there is none.</param>
internal readonly record struct ListenerClass(
    bool MayRead,
    bool IsAuthor,
    bool Viewed,
    bool Muted,
    string? Reaction,
    bool Acked,
    int? Vote
);

/// <summary>An announcement that an account may see, and how.</summary>
/// <param name="Happened">The announcement.</param>
/// <param name="Class">By what it can be shared with other listeners.</param>
/// <param name="Viewer">The account at that moment; null when the announcement shows no story.</param>
/// <param name="Entry">The story; null when it shows none.</param>
internal readonly record struct VisibleEvent(Announcement Happened, ListenerClass Class, ViewerContext? Viewer, StoryEntry? Entry);

/// <summary>Shows an announcement as one account may see it now.</summary>
internal sealed class EventView(
    Viewers viewers,
    StoryView view,
    ThreadStore threads,
    ThreadView replies,
    AccountStore accounts,
    TokenStore tokens
)
{
    /// <summary>Finds the story and checks the account's right to see it, without rendering anything.</summary>
    /// <param name="happened">An announcement for this account.</param>
    /// <param name="account">Number of the account that receives it.</param>
    /// <param name="mayRead">Whether to include other people's texts.</param>
    /// <returns>Null when the account may not see it.</returns>
    public VisibleEvent? Find(Announcement happened, int account, bool mayRead)
    {
        if (!happened.ShowsStory)
        {
            return new(happened, new() { MayRead = mayRead }, Viewer: null, Entry: null);
        }
        var viewer = viewers.Of(account);
        if (viewer.Find(happened.StoryId) is not { } entry)
        {
            return null;
        }
        var thread = threads.Of(happened.StoryId);
        var look = new ListenerClass(
            mayRead,
            entry.Author == account,
            entry.IsSeenBy(account),
            entry.IsMuted(viewer.Muting),
            thread.ReactionOf.GetValueOrDefault(account),
            thread.AckedAt.ContainsKey(account),
            thread.VoteOf.TryGetValue(account, out var vote) ? vote : null
        );
        return new(happened, look, viewer, entry);
    }

    /// <returns>Null when nothing is left that the account may see.</returns>
    public StoryEvent? Show(VisibleEvent found)
    {
        var happened = found.Happened;
        var reply = happened.ReplyId is { } id ? replies.Find(happened.StoryId, id) : null;
        if (reply is null && happened.ReplyId is not null)
        {
            return null;
        }
        var token = happened.TokenId is { } tokenId ? tokens.FindSummary(tokenId) : null;
        if (token is null && happened.TokenId is not null)
        {
            return null;
        }
        return new()
        {
            Type = happened.Type,
            At = happened.At,
            StoryId = happened.StoryId.Length == 0 ? null : happened.StoryId,
            Story = found.Entry is { } entry ? view.Of(entry, found.Viewer!) : null,
            Person = happened.Person is { } person ? accounts.GetPerson(person) : null,
            Emoji = happened.Emoji,
            // A token that may only post learns that there is a reply, but not its text.
            Reply = found.Class.MayRead ? reply : null,
            Token = token is null
                ? null
                : new()
                {
                    Id = token.Id,
                    Name = token.Name,
                    Owner = accounts.GetPerson(token.Account),
                    ExpiresAt = token.EndsAt,
                },
        };
    }
}
