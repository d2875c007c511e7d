using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Printing;

/// <summary>What was said under a story.</summary>
internal static class StoryThread
{
    public static readonly string[] Headers = ["id", "author", "age", "text"];

    /// <summary>The replies, oldest first; none of a server that is too old to have any.</summary>
    /// <remarks>A story that was reported is shown to admins alone of those who are not its audience; its thread is for the audience, which is said.</remarks>
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
            session.Out.Note(
                "Its thread is not shown to admins: they see of a reported story what was posted, not what its audience says."
            );
            return [];
        }
    }

    /// <summary>How many replies to a story that is gone can still be read.</summary>
    public static async Task<int> CountLeftAsync(Session session, string id, CancellationToken cancel)
    {
        try
        {
            return (await session.Api.Conversation.ListRepliesAsync(id, cancel).ConfigureAwait(false)).Length;
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException)
        {
            // What keeps it from being counted keeps it from being read.
            return 0;
        }
    }

    public static string[] ToRow(Reply reply, DateTimeOffset now) =>
        [reply.Id, reply.Author.Handle, StoryText.Age(reply.CreatedAt, now), reply.Text];

    /// <summary>For reading: who, when, and below it what.</summary>
    public static string Describe(Reply reply, DateTimeOffset now) =>
        $"{CleanText.OneLine(reply.Author.DisplayName)} (@{reply.Author.Handle}), {StoryText.Age(reply.CreatedAt, now)} ago\n  {CleanText.Lines(reply.Text).TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal)}";
}
