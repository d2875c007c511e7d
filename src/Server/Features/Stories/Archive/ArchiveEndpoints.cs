using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>The caller's archive of expired stories. For everybody else, admins included, these stories are gone.</summary>
internal static class ArchiveEndpoints
{
    public static void MapArchive(this IEndpointRouteBuilder app)
    {
        var archive = app.MapGroup("/v1").RequireAuthorization(Policies.Read);
        archive
            .MapGet("/archive", ListAsync)
            .WithMetadata(new AllowedQuery("q", "limit", "cursor"))
            .Describe(
                new(Tags.Stories, "listArchive", "Lists the expired stories in your archive, newest first")
                {
                    Details =
                        "The archive has stories that expired after `PATCH /v1/me { \"archive\": true }`, for 90 days after their expiry. Nobody else sees them. Their bytes count against the quota.",
                    Answers = [ResponseDocs.Of<Page<Story>>("Stories.")],
                }
            );
        archive
            .MapDelete("/archive/{id}", DeleteAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Stories, "deleteArchived", "Deletes a story from your archive for good")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [Errors.StoryNotFound],
                }
            );
    }

    private static async Task<JsonHttpResult<Page<Story>>> ListAsync(
        HttpContext context,
        ViewerContext viewer,
        StoryArchive stories,
        StoryView view,
        AccountStore accounts,
        StoryScanner scans,
        PageQuery paging
    )
    {
        var limit = paging.GetLimit();
        var query = context.Request.Query;
        var before = query["cursor"].ToString();
        if (before.Length > 0 && !Names.Id.IsMatch(before))
        {
            throw ApiProblem.Invalid("cursor", "is not one that this list gave");
        }
        var faults = new ValidationErrors();
        var words = SearchWords.Read(query["q"].ToString(), faults);
        faults.ThrowIfAny();
        var own = await stories.ArchiveOfAsync(viewer.Account, before, scans, context.RequestAborted).ConfigureAwait(false);
        var author = accounts.GetPerson(viewer.Account);
        var found = await scans
            .FindAsync(own, entry => words.AreIn(entry.Row, author), limit + 1, context.RequestAborted)
            .ConfigureAwait(false);
        var page = new Page<Story>
        {
            Items = [.. found.Take(limit).Where(stories.IsStillArchived).Select(e => view.Archived(e, viewer))],
            NextCursor = found.Count > limit ? found[limit - 1].Row.Id : null,
        };
        return TypedResults.Json(page, ContractsJson.Default.PageStory);
    }

    private static async Task<NoContent> DeleteAsync(
        CurrentAccount caller,
        string id,
        StoryArchive stories,
        MediaStore media,
        ILogger<StoryStore> log,
        CancellationToken cancel
    )
    {
        await stories.DeleteArchivedAsync(caller.Number, id, cancel).ConfigureAwait(false);
        await media.DeleteQuietlyAsync(id, log).ConfigureAwait(false);
        return TypedResults.NoContent();
    }
}
