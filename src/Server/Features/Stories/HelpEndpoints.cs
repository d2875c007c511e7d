using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Marks help requests as resolved or open.</summary>
internal static class HelpEndpoints
{
    public static void MapHelp(this IEndpointRouteBuilder app)
    {
        var story = app.MapGroup("/v1/stories/{id}").RequireAuthorization(Policies.Read);
        story
            .MapPut("/resolved", ResolveAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "putResolved", "Marks your help request as resolved")
                {
                    Body = typeof(NoFields),
                    BodyOptional = true,
                    Answers = [ResponseDocs.Of<Story>("The story as it is now.")],
                    Refusals = [.. RouteDocs.StoryGone, Errors.HelpNotFound, Errors.NotAuthor],
                }
            );
        story
            .MapDelete("/resolved", ReopenAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Conversation, "deleteResolved", "Opens your help request again")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [.. RouteDocs.StoryGone, Errors.HelpNotFound, Errors.NotAuthor],
                }
            );
    }

    private static async Task<JsonHttpResult<Story>> ResolveAsync(
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
        var entry = await stories.ResolveAsync(caller.Number, id, resolved: true, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(view.Of(entry, viewer), ContractsJson.Default.Story);
    }

    private static async Task<NoContent> ReopenAsync(CurrentAccount caller, string id, StoryStore stories, CancellationToken cancel)
    {
        await stories.ResolveAsync(caller.Number, id, resolved: false, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }
}
