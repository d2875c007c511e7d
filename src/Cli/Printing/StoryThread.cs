using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>The thread of a story.</summary>
internal static class StoryThread
{
    public static readonly string[] Headers = ["id", "author", "age", "text"];

    /// <summary>The replies, oldest first; empty if the server is too old.</summary>
    /// <remarks>Admins outside the audience can see a reported story, but not its thread. A note says so.</remarks>
    public static async Task<Reply[]> ReadAsync(Session session, Story story, CancellationToken cancel)
    {
        if (story.ReplyCount == 0)
        {
            return [];
        }
        try
        {
            return await session.Api.Conversation.ListRepliesAsync(story.Id, cancel).ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Code == Errors.RouteNotFound.Code)
        {
            return [];
        }
        catch (ApiException e) when (e.Code == Errors.StoryNotFound.Code)
        {
            session.Out.Note("Admins cannot see its thread. They can see only the reported story itself.");
            return [];
        }
    }

    /// <summary>The number of readable replies to an expired story.</summary>
    public static async Task<int> CountLeftAsync(Session session, string id, CancellationToken cancel)
    {
        try
        {
            return (await session.Api.Conversation.ListRepliesAsync(id, cancel).ConfigureAwait(false)).Length;
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            // If they cannot be counted, they cannot be read either.
            return 0;
        }
    }

    public static string[] ToRow(Reply reply, DateTimeOffset now) =>
        [reply.Id, reply.Author.Handle, StoryText.Age(reply.CreatedAt, now), reply.Text];

    /// <summary>For people: author and time, with the text below.</summary>
    public static string Describe(Reply reply, DateTimeOffset now) =>
        $"{CleanText.OneLine(reply.Author.DisplayName)} (@{reply.Author.Handle}), {StoryText.Age(reply.CreatedAt, now)} ago\n  {CleanText.Lines(reply.Text).TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal)}";
}
