using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Replies and reactions to stories.</summary>
internal static class ConversationEndpoints
{
    public static void AddConversation(this IServiceCollection services) =>
        services
            .AddStore<ThreadStore>()
            .AddStore<ThreadLifecycle>()
            .AddSingleton<ThreadSummaryOf>(provider => provider.GetRequiredService<ThreadStore>().Summarize)
            .AddSingleton<ThreadView>()
            .AddSingleton<ReplyCommands>()
            .AddSingleton<AckCommands>()
            .AddSingleton<VoteCommands>();

    public static void MapConversation(this IEndpointRouteBuilder app)
    {
        var story = app.MapGroup("/v1/stories/{id}").RequireAuthorization(Policies.Read);
        story
            .MapGet("/replies", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Conversation, "listReplies", "Shows a story's thread, oldest reply first")
                {
                    Details = "Those who could see the story can read it for 30 days after the story has expired.",
                    Answers = [ResponseDocs.Of<Page<Reply>>("Replies.")],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        story
            .MapPost("/replies", ReplyAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "postReply", "Replies to a story")
                {
                    Body = typeof(NewReply),
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The reply. A repeated request gets only its id if the reply is gone.")
                        {
                            Json = [typeof(Reply), typeof(RemovedReply)],
                        },
                    ],
                    Refusals = [.. RouteDocs.StoryGone, Errors.RepliesOff, Errors.QuotaReached, Errors.NoRoom],
                }
            );
        story
            .MapDelete("/replies/{replyId}", DeleteAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "deleteReply", "Deletes a reply")
                {
                    Details = "Its writer and the story's author can do this.",
                    Answers = [ResponseDocs.Done],
                    Refusals = [.. RouteDocs.StoryGone, Errors.ReplyNotFound, Errors.NotAuthor],
                }
            );
        story
            .MapPut("/reaction", ReactAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "putReaction", "Reacts to a story; replaces your earlier reaction")
                {
                    Body = typeof(NewReaction),
                    Repeatable = true,
                    Answers =
                    [
                        new(200, "The story as it is now. A repeated request gets only its id if the story is gone.")
                        {
                            Json = [typeof(Story), typeof(RemovedStory)],
                        },
                    ],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        story
            .MapDelete("/reaction", UnreactAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "deleteReaction", "Removes your reaction")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        app.MapAcks();
        app.MapPolls();
    }

    private static JsonHttpResult<Page<Reply>> List(CurrentAccount caller, string id, StoryStore stories, ThreadView view, PageQuery paging)
    {
        stories.GetThreadAuthor(caller.Number, id);
        var cursor = paging.Cursor ?? "";
        if (cursor.Length > 0 && !Names.Id.IsMatch(cursor))
        {
            throw ApiProblem.Invalid("cursor", "is not one that this list gave");
        }
        return TypedResults.Json(view.List(id, cursor.Length == 0 ? null : cursor, paging.GetLimit()), ContractsJson.Default.PageReply);
    }

    private static async Task<Results<JsonHttpResult<Reply>, JsonHttpResult<RemovedReply>>> ReplyAsync(
        HttpContext context,
        CurrentAccount caller,
        string id,
        StoryStore stories,
        ThreadView view,
        ReplyCommands replying,
        Quota quota,
        IdempotencyStore idempotency
    )
    {
        VerifyVisible(context, id, stories, idempotency);
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewReply).ConfigureAwait(false);
        var text = ReplyRules.CheckText(request.Text);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewReply);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<Reply>, JsonHttpResult<RemovedReply>>>(
                repetition,
                async () =>
                {
                    using var reservation = quota.Open(caller.Number);
                    reservation.Cover(ReplyRow.BytesOf(text), exactly: true);
                    var reply = await replying
                        .ReplyAsync(caller.Number, id, text, repetition, context.RequestAborted)
                        .ConfigureAwait(false);
                    return Created(view.Of(reply));
                },
                made =>
                    stories.MayReadThread(caller.Number, id) && view.Find(id, made) is { } reply
                        ? Created(reply)
                        : TypedResults.Json(
                            new RemovedReply { Id = made },
                            ContractsJson.Default.RemovedReply,
                            statusCode: StatusCodes.Status201Created
                        ),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static async Task<NoContent> DeleteAsync(
        CurrentAccount caller,
        string id,
        string replyId,
        ReplyCommands replying,
        CancellationToken cancel
    )
    {
        await replying.DeleteAsync(caller.Number, id, replyId, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<Results<JsonHttpResult<Story>, JsonHttpResult<RemovedStory>>> ReactAsync(
        HttpContext context,
        CurrentAccount caller,
        ViewerContext viewer,
        string id,
        StoryStore stories,
        StoryView view,
        ReplyCommands replying,
        IdempotencyStore idempotency
    )
    {
        VerifyVisible(context, id, stories, idempotency);
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewReaction).ConfigureAwait(false);
        var emoji = ReplyRules.CheckEmoji(request.Emoji);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewReaction);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<Story>, JsonHttpResult<RemovedStory>>>(
                repetition,
                async () =>
                    Shown(
                        view.Of(
                            await replying.ReactAsync(caller.Number, id, emoji, repetition, context.RequestAborted).ConfigureAwait(false),
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

    private static async Task<NoContent> UnreactAsync(CurrentAccount caller, string id, ReplyCommands replying, CancellationToken cancel)
    {
        await replying.ReactAsync(caller.Number, id, emoji: null, repetition: null, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    /// <summary>A caller who may not see the story learns nothing from the faults of the request. A repeated request gets its answer even after the story has ended.</summary>
    internal static void VerifyVisible(HttpContext context, string id, StoryStore stories, IdempotencyStore idempotency)
    {
        if (IdempotencyKey.Of(context) is not { } key || idempotency.Find(key) is null)
        {
            stories.GetVisible(context.Account().Number, id);
        }
    }

    private static JsonHttpResult<Reply> Created(Reply reply) =>
        TypedResults.Json(reply, ContractsJson.Default.Reply, statusCode: StatusCodes.Status201Created);

    private static JsonHttpResult<Story> Shown(Story story) => TypedResults.Json(story, ContractsJson.Default.Story);
}
