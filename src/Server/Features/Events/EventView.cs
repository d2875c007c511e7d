using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Conversation;
using StoriesCli.Server.Features.Stories;

namespace StoriesCli.Server.Features.Events;

/// <summary>Renders an announcement as one account may see it now.</summary>
internal sealed class EventView(Viewers viewers, StoryView view, ThreadView threads, AccountStore accounts, TokenStore tokens)
{
    /// <param name="happened">An announcement for this account.</param>
    /// <param name="account">Number of the account that receives it.</param>
    /// <param name="mayRead">Whether to include other people's texts.</param>
    /// <returns>Null when nothing is left that the account may see.</returns>
    public StoryEvent? Find(Announcement happened, int account, bool mayRead)
    {
        var viewer = happened.ShowsStory ? viewers.Of(account) : null;
        var entry = viewer?.Find(happened.StoryId);
        if (entry is null && happened.ShowsStory)
        {
            return null;
        }
        var reply = happened.ReplyId is { } id ? threads.Find(happened.StoryId, id) : null;
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
            Story = entry is null ? null : view.Of(entry, viewer!),
            Person = happened.Person is { } person ? accounts.GetPerson(person) : null,
            Emoji = happened.Emoji,
            // A token that may only post learns that there is a reply, but not its text.
            Reply = mayRead ? reply : null,
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
