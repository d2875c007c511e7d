using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Votes in polls, and closes them.</summary>
internal static class PollEndpoints
{
    public static void MapPolls(this IEndpointRouteBuilder app)
    {
        var story = app.MapGroup("/v1/stories/{id}").RequireAuthorization(Policies.Read);
        story
            .MapPut("/vote", VoteAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "putVote", "Votes in a story's poll; replaces your earlier vote")
                {
                    Details = "Nobody learns who voted for what.",
                    Body = typeof(NewVote),
                    Repeatable = true,
                    Answers =
                    [
                        new(200, "The story as it is now. A repeated request gets only its id if the story is gone.")
                        {
                            Json = [typeof(Story), typeof(RemovedStory)],
                        },
                    ],
                    Refusals = [.. RouteDocs.StoryGone, Errors.PollNotFound, Errors.PollClosed],
                }
            );
        story
            .MapPut("/poll/closed", CloseAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "closePoll", "Closes your poll: it takes no more votes")
                {
                    Body = typeof(NoFields),
                    BodyOptional = true,
                    Answers = [ResponseDocs.Of<Story>("The story as it is now.")],
                    Refusals = [.. RouteDocs.StoryGone, Errors.PollNotFound, Errors.NotAuthor],
                }
            );
    }

    private static async Task<Results<JsonHttpResult<Story>, JsonHttpResult<RemovedStory>>> VoteAsync(
        HttpContext context,
        CurrentAccount caller,
        ViewerContext viewer,
        string id,
        StoryStore stories,
        StoryView view,
        VoteCommands voting,
        IdempotencyStore idempotency
    )
    {
        ConversationEndpoints.VerifyVisible(context, id, stories, idempotency);
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewVote).ConfigureAwait(false);
        var option = request.Option ?? throw ApiProblem.Invalid("option", "is missing");
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewVote);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<Story>, JsonHttpResult<RemovedStory>>>(
                repetition,
                async () =>
                    Shown(
                        view.Of(
                            await voting.VoteAsync(caller.Number, id, option, repetition, context.RequestAborted).ConfigureAwait(false),
                            viewer
                        )
                    ),
                _ =>
                    stories.FindVisible(caller.Number, id) is { } entry
                        ? Shown(view.Of(entry, viewer))
                        : TypedResults.Json(new RemovedStory { Id = id }, ContractsJson.Default.RemovedStory),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static async Task<JsonHttpResult<Story>> CloseAsync(
        HttpContext context,
        CurrentAccount caller,
        ViewerContext viewer,
        string id,
        StoryStore stories,
        StoryView view
    )
    {
        // A caller who may not see the story learns nothing from the faults of the request.
        stories.GetVisible(caller.Number, id);
        await JsonBody.VerifyEmptyAsync(context.Request).ConfigureAwait(false);
        return Shown(view.Of(await stories.ClosePollAsync(caller.Number, id, context.RequestAborted).ConfigureAwait(false), viewer));
    }

    private static JsonHttpResult<Story> Shown(Story story) => TypedResults.Json(story, ContractsJson.Default.Story);
}
