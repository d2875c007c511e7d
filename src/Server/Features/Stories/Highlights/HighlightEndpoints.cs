using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Keeps stories, and lists the highlights that hold them.</summary>
internal static class HighlightEndpoints
{
    public static void MapHighlights(this IEndpointRouteBuilder app)
    {
        var story = app.MapGroup("/v1/stories/{id}").RequireAuthorization(Policies.Read);
        var highlights = app.MapGroup("/v1/people/{handle}").RequireAuthorization(Policies.Read);
        story
            .MapPut("/keep", KeepAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Highlights, "keepStory", "Keeps a story beyond its lifetime, in a highlight")
                {
                    Details =
                        "The story stays in tray and lists until its first expiry. After that you find it by its id and in the highlight.",
                    Body = typeof(NewKeep),
                    BodyOptional = true,
                    Answers = [ResponseDocs.Of<Story>("The story, kept.")],
                    Refusals = [.. RouteDocs.StoryGone, Errors.NotAuthor],
                }
            );
        story
            .MapDelete("/keep", UnkeepAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Highlights, "unkeepStory", "Stops keeping a story; after its first expiry this ends it at once")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [.. RouteDocs.StoryGone, Errors.NotAuthor],
                }
            );
        highlights
            .MapGet("/highlights", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Highlights, "listHighlights", "Lists a person's highlights whose stories you may see")
                {
                    Answers = [ResponseDocs.Of<Page<Highlight>>("Highlights, by name.")],
                    Refusals = [Errors.AccountNotFound],
                }
            );
        highlights
            .MapGet("/highlights/{name}", Get)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Highlights, "getHighlight", "Lists the stories of a highlight, in their author's order")
                {
                    Answers = [ResponseDocs.Of<Page<Story>>("Stories that you may see.")],
                    Refusals = [Errors.AccountNotFound, Errors.HighlightNotFound],
                }
            );
        highlights
            .MapPut("/highlights/{name}", OrderAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Highlights, "orderHighlight", "Sets the order of the stories in a highlight")
                {
                    Body = typeof(HighlightOrder),
                    Answers = [ResponseDocs.Of<Page<Story>>("All of its stories, in the new order.")],
                    Refusals = [Errors.AccountNotFound, Errors.HighlightNotFound, Errors.NotAuthor],
                }
            );
        highlights
            .MapDelete("/highlights/{name}", DeleteAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Highlights, "deleteHighlight", "Deletes a highlight and stops keeping its stories")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [Errors.AccountNotFound, Errors.HighlightNotFound, Errors.NotAuthor],
                }
            );
    }

    private static async Task<JsonHttpResult<Story>> KeepAsync(
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
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };
        var request = !hasBody
            ? new NewKeep()
            : await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewKeep).ConfigureAwait(false);
        var name = request.Highlight ?? NewKeep.DefaultHighlight;
        if (!Names.Highlight.IsMatch(name))
        {
            throw ApiProblem.Invalid(
                "highlight",
                $"must be 1 to 64 of a-z, 0-9, . _ and -, and not dots alone, was \"{Excerpt.Of(name)}\""
            );
        }
        var entry = await stories.KeepAsync(caller.Number, id, name, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(view.Of(entry, viewer), ContractsJson.Default.Story);
    }

    private static async Task<NoContent> UnkeepAsync(
        CurrentAccount caller,
        string id,
        StoryStore stories,
        MediaStore media,
        ILogger<StoryStore> log,
        CancellationToken cancel
    )
    {
        if (await stories.UnkeepAsync(caller.Number, id, cancel).ConfigureAwait(false))
        {
            await media.DeleteQuietlyAsync(id, log).ConfigureAwait(false);
        }
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<Page<Highlight>> List(
        ViewerContext viewer,
        string handle,
        AccountStore accounts,
        StoryLists lists,
        PageQuery paging
    ) => TypedResults.Json(paging.Cut(lists.HighlightsOf(NumberOf(handle, accounts), viewer)), ContractsJson.Default.PageHighlight);

    private static JsonHttpResult<Page<Story>> Get(
        ViewerContext viewer,
        string handle,
        string name,
        AccountStore accounts,
        StoryLists lists,
        PageQuery paging
    ) => TypedResults.Json(paging.Cut(Visible(NumberOf(handle, accounts), name, viewer, lists)), ContractsJson.Default.PageStory);

    private static async Task<JsonHttpResult<Page<Story>>> OrderAsync(
        HttpContext context,
        ViewerContext viewer,
        Viewers viewers,
        string handle,
        string name,
        AccountStore accounts,
        StoryStore stories,
        StoryLists lists
    )
    {
        var author = Author(viewer, handle, name, accounts, lists);
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.HighlightOrder).ConfigureAwait(false);
        await stories
            .OrderHighlightAsync(author, name, request.Order ?? throw ApiProblem.Invalid("order", "is missing"), context.RequestAborted)
            .ConfigureAwait(false);
        return TypedResults.Json(new Page<Story> { Items = lists.Kept(author, name, viewers.Of(author)) }, ContractsJson.Default.PageStory);
    }

    private static async Task<NoContent> DeleteAsync(
        ViewerContext viewer,
        string handle,
        string name,
        AccountStore accounts,
        StoryStore stories,
        StoryLists lists,
        MediaStore media,
        ILogger<StoryStore> log,
        CancellationToken cancel
    )
    {
        var author = Author(viewer, handle, name, accounts, lists);
        foreach (var id in await stories.DeleteHighlightAsync(author, name, cancel).ConfigureAwait(false))
        {
            await media.DeleteQuietlyAsync(id, log).ConfigureAwait(false);
        }
        return TypedResults.NoContent();
    }

    private static int NumberOf(string handle, AccountStore accounts) =>
        accounts.Find(handle)?.Number ?? throw new ApiProblem(Errors.AccountNotFound, $"there is nobody called \"{Excerpt.Of(handle)}\"");

    private static Story[] Visible(int author, string name, ViewerContext viewer, StoryLists lists) =>
        lists.Kept(author, name, viewer) is { Length: > 0 } kept
            ? kept
            : throw new ApiProblem(Errors.HighlightNotFound, $"there is no highlight \"{Excerpt.Of(name)}\"");

    /// <summary>Returns the caller, who must be the highlight's author. Only those who may see some of it learn that it exists.</summary>
    private static int Author(ViewerContext viewer, string handle, string name, AccountStore accounts, StoryLists lists)
    {
        var author = NumberOf(handle, accounts);
        Visible(author, name, viewer, lists);
        return author == viewer.Account ? author : throw new ApiProblem(Errors.NotAuthor, $"only {handle} may change this highlight");
    }
}
