using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Replies, reactions, acknowledgements, votes and help requests.</summary>
public sealed class ConversationClient
{
    private readonly ApiConnection _api;

    internal ConversationClient(ApiConnection api) => _api = api;

    /// <summary>Lists all replies to a story, oldest first. Readable for 30 days after its expiry (the server's default).</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c> once the thread is no longer readable, <c>story_deleted</c>.</exception>
    public async Task<Reply[]> ListRepliesAsync(string id, CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync(RepliesPath(id) + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageReply, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Replies to a story.</summary>
    /// <param name="id">The story.</param>
    /// <param name="text">1 to <see cref="Limits.ReplyCharacters"/> characters.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>replies_off</c>, <c>quota_reached</c>, <c>no_room</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<Reply> ReplyAsync(string id, string text, CancellationToken cancel = default) =>
        _api.PostAsync(RepliesPath(id), new NewReply { Text = text }, ContractsJson.Default.NewReply, ContractsJson.Default.Reply, cancel);

    /// <summary>Deletes one of the caller's replies, or a reply to one of the caller's stories.</summary>
    /// <exception cref="ApiException"><c>reply_not_found</c>, <c>not_author</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task DeleteReplyAsync(string id, string replyId, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"{RepliesPath(id)}/{ApiConnection.Segment(replyId)}", cancel);

    /// <summary>Reacts to a story. Replaces the caller's earlier reaction.</summary>
    /// <param name="id">The story.</param>
    /// <param name="emoji">One of <see cref="Reactions.Emoji"/>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The story as it is now.</returns>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<Story> ReactAsync(string id, string emoji, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ =>
                new(HttpMethod.Put, ReactionPath(id))
                {
                    Content = JsonContent.Create(new NewReaction { Emoji = emoji }, ContractsJson.Default.NewReaction),
                },
            ContractsJson.Default.Story,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Removes the caller's reaction, if any.</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task UnreactAsync(string id, CancellationToken cancel = default) => _api.CallAsync(HttpMethod.Delete, ReactionPath(id), cancel);

    /// <summary>Acknowledges a story. Repeating has no effect.</summary>
    /// <returns>The story as it is now.</returns>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<Story> AckAsync(string id, CancellationToken cancel = default) =>
        _api.ReadAsync(_ => new(HttpMethod.Put, AckPath(id)), ContractsJson.Default.Story, RetryRule.AnyFault, cancel);

    /// <summary>Removes the caller's acknowledgement, if any.</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task UnackAsync(string id, CancellationToken cancel = default) => _api.CallAsync(HttpMethod.Delete, AckPath(id), cancel);

    /// <summary>Lists who has acknowledged one of the caller's stories, oldest first. Readable as long as the thread.</summary>
    /// <exception cref="ApiException"><c>not_author</c>, <c>story_not_found</c>, <c>story_expired</c> once the thread is no longer readable, <c>story_deleted</c>.</exception>
    public async Task<Acknowledgement[]> ListAcksAsync(string id, CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync(AckPath(id) + "s" + QueryText.From([("cursor", cursor)]), ContractsJson.Default.PageAcknowledgement, cancel)
            )
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Votes in a story's poll. Replaces the caller's earlier vote.</summary>
    /// <param name="id">The story.</param>
    /// <param name="option">Index of the option, from 0.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The story as it is now.</returns>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>poll_not_found</c>, <c>poll_closed</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<Story> VoteAsync(string id, int option, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ =>
                new(HttpMethod.Put, $"/v1/stories/{ApiConnection.Segment(id)}/vote")
                {
                    Content = JsonContent.Create(new NewVote { Option = option }, ContractsJson.Default.NewVote),
                },
            ContractsJson.Default.Story,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Closes the poll of one of the caller's stories.</summary>
    /// <returns>The story as it is now.</returns>
    /// <exception cref="ApiException"><c>not_author</c>, <c>poll_not_found</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<Story> ClosePollAsync(string id, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ => new(HttpMethod.Put, $"/v1/stories/{ApiConnection.Segment(id)}/poll/closed"),
            ContractsJson.Default.Story,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Marks the caller's help request as resolved.</summary>
    /// <returns>The story as it is now.</returns>
    /// <exception cref="ApiException"><c>not_author</c>, <c>help_not_found</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<Story> ResolveAsync(string id, CancellationToken cancel = default) =>
        _api.ReadAsync(_ => new(HttpMethod.Put, ResolvedPath(id)), ContractsJson.Default.Story, RetryRule.AnyFault, cancel);

    /// <summary>Reopens the caller's help request.</summary>
    /// <exception cref="ApiException"><c>not_author</c>, <c>help_not_found</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task UnresolveAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, ResolvedPath(id), cancel);

    private static string ResolvedPath(string id) => $"/v1/stories/{ApiConnection.Segment(id)}/resolved";

    private static string AckPath(string id) => $"/v1/stories/{ApiConnection.Segment(id)}/ack";

    private static string RepliesPath(string id) => $"/v1/stories/{ApiConnection.Segment(id)}/replies";

    private static string ReactionPath(string id) => $"/v1/stories/{ApiConnection.Segment(id)}/reaction";
}
