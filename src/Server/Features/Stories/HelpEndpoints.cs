using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Marks help requests as resolved or open.</summary>
internal static class HelpEndpoints
{
    private const string Resolved = "/v1/stories/{id}/resolved";

    public static void MapHelp(this IEndpointRouteBuilder app)
    {
        app.MapPut(Resolved, ResolveAsync)
            .WithMetadata(Access.ReadAndPost)
            .Describe(
                new(Tags.Conversation, "putResolved", "Marks your help request as resolved")
                {
                    Body = typeof(NoFields),
                    BodyOptional = true,
                    Answers = [ResponseDocs.Of<Story>("The story as it is now.")],
                    Refusals = [.. RouteDocs.StoryGone, Errors.HelpNotFound, Errors.NotAuthor],
                }
            );
        app.MapDelete(Resolved, ReopenAsync)
            .WithMetadata(Access.ReadAndPost)
            .Describe(
                new(Tags.Conversation, "deleteResolved", "Opens your help request again")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [.. RouteDocs.StoryGone, Errors.HelpNotFound, Errors.NotAuthor],
                }
            );
    }

    private static async Task<JsonHttpResult<Story>> ResolveAsync(HttpContext context, string id, StoryStore stories, StoryView view)
    {
        var caller = context.Account().Number;
        // A caller who may not see the story learns nothing from the faults of the request.
        stories.GetVisible(caller, id);
        await JsonBody.VerifyEmptyAsync(context.Request).ConfigureAwait(false);
        var entry = await stories.ResolveAsync(caller, id, resolved: true, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(view.Of(entry, caller), ContractsJson.Default.Story);
    }

    private static async Task<NoContent> ReopenAsync(HttpContext context, string id, StoryStore stories)
    {
        await stories.ResolveAsync(context.Account().Number, id, resolved: false, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }
}
