using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Acknowledges stories, and lists for an author who has.</summary>
internal static class AckEndpoints
{
    public static void MapAcks(this IEndpointRouteBuilder app)
    {
        var story = app.MapGroup("/v1/stories/{id}").RequireAuthorization(Policies.Read);
        story
            .MapPut("/ack", AckAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "putAck", "Acknowledges a story; repeating it changes nothing")
                {
                    Body = typeof(NoFields),
                    BodyOptional = true,
                    Answers = [ResponseDocs.Of<Story>("The story as it is now.")],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        story
            .MapDelete("/ack", UnackAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "deleteAck", "Takes your acknowledgement back")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        story
            .MapGet("/acks", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Conversation, "listAcks", "Lists who has acknowledged a story, for its author")
                {
                    Details = "The author can read it for 30 days after the story has expired.",
                    Answers = [ResponseDocs.Of<Page<Acknowledgement>>("Acknowledgements, oldest first.")],
                    Refusals = [.. RouteDocs.StoryGone, Errors.NotAuthor],
                }
            );
    }

    private static async Task<JsonHttpResult<Story>> AckAsync(
        HttpContext context,
        CurrentAccount caller,
        ViewerContext viewer,
        string id,
        StoryStore stories,
        StoryView view,
        AckCommands acknowledging
    )
    {
        // A caller who may not see the story learns nothing from the faults of the request.
        stories.GetVisible(caller.Number, id);
        await JsonBody.VerifyEmptyAsync(context.Request).ConfigureAwait(false);
        var entry = await acknowledging.AckAsync(caller.Number, id, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(view.Of(entry, viewer), ContractsJson.Default.Story);
    }

    private static async Task<NoContent> UnackAsync(CurrentAccount caller, string id, AckCommands acknowledging, CancellationToken cancel)
    {
        await acknowledging.UnackAsync(caller.Number, id, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<Page<Acknowledgement>> List(
        CurrentAccount caller,
        string id,
        StoryStore stories,
        ThreadView view,
        PageQuery paging
    )
    {
        return stories.GetThreadAuthor(caller.Number, id) == caller.Number
            ? TypedResults.Json(paging.Cut(view.AcksOf(id)), ContractsJson.Default.PageAcknowledgement)
            : throw new ApiProblem(Errors.NotAuthor, "only its author learns who has acknowledged a story");
    }
}
