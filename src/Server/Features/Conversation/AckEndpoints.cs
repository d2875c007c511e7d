using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Conversation;

/// <summary>Acknowledges stories, and lists for an author who has.</summary>
internal static class AckEndpoints
{
    private const string Ack = "/v1/stories/{id}/ack";

    public static void MapAcks(this IEndpointRouteBuilder app)
    {
        app.MapPut(Ack, AckAsync)
            .WithMetadata(Access.ReadAndPost)
            .Describe(
                new(Tags.Conversation, "putAck", "Acknowledges a story; repeating it changes nothing")
                {
                    Body = typeof(NoFields),
                    BodyOptional = true,
                    Answers = [ResponseDocs.Of<Story>("The story as it is now.")],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        app.MapDelete(Ack, UnackAsync)
            .WithMetadata(Access.ReadAndPost)
            .Describe(
                new(Tags.Conversation, "deleteAck", "Takes your acknowledgement back")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        app.MapGet("/v1/stories/{id}/acks", List)
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
        string id,
        StoryStore stories,
        StoryView view,
        AckCommands acknowledging
    )
    {
        var caller = context.Account().Number;
        // A caller who may not see the story learns nothing from the faults of the request.
        stories.GetVisible(caller, id);
        await JsonBody.VerifyEmptyAsync(context.Request).ConfigureAwait(false);
        var entry = await acknowledging.AckAsync(caller, id, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(view.Of(entry, caller), ContractsJson.Default.Story);
    }

    private static async Task<NoContent> UnackAsync(HttpContext context, string id, AckCommands acknowledging)
    {
        await acknowledging.UnackAsync(context.Account().Number, id, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<Page<Acknowledgement>> List(HttpContext context, string id, StoryStore stories, ThreadView view)
    {
        var caller = context.Account().Number;
        return stories.GetThreadAuthor(caller, id) == caller
            ? TypedResults.Json(Paging.Cut(context.Request, view.AcksOf(id)), ContractsJson.Default.PageAcknowledgement)
            : throw new ApiProblem(Errors.NotAuthor, "only its author learns who has acknowledged a story");
    }
}
