using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Views, marks as viewed, edits and deletes stories.</summary>
internal static class StoryEndpoints
{
    public static void AddStories(this IServiceCollection services) =>
        services
            .AddSingleton<StoryProjection>()
            .AddStore<StoryInventory>()
            .AddStore<StoryLifecycle>()
            .AddSingleton<StoryStore>()
            .AddSingleton<StoryArchive>()
            .AddStore<StoryErasure>()
            .AddSingleton(provider =>
            {
                var stories = provider.GetRequiredService<StoryInventory>();
                return new StoredMediaIndex(stories.StoredMedia, stories.FindStoredMedia, stories.Has);
            })
            .AddSingleton<Viewers>()
            .AddSingleton<StoryView>()
            .AddSingleton<RenderedStories>()
            .AddSingleton<CountedTrays>()
            .AddSingleton<StoryLists>()
            .AddSingleton<StoryScanner>()
            .AddSingleton<StoryRules>()
            .AddSingleton<PostRequestReader>()
            .AddSingleton<CompareStory>()
            .AddSingleton<PostStory>()
            .AddSingleton<LiveStories>()
            .AddSingleton<ExpiryScheduler>()
            .AddSingleton<UnknownMedia>()
            .AddSingleton<Sweeper>()
            .AddHostedService(provider => provider.GetRequiredService<Sweeper>());

    public static void MapStories(this IEndpointRouteBuilder app)
    {
        var stories = app.MapGroup("/v1/stories").RequireAuthorization(Policies.Read);
        app.MapMethods(
                "/v1/stories",
                [HttpMethods.Post, HttpMethods.Put],
                (HttpContext context, CurrentAccount caller, PostStory posting) => posting.PostAsync(context, caller)
            )
            .RequireAuthorization(Policies.Post)
            .RequireRateLimiting(PostLimiter.Policy)
            .WithMetadata(StoryFields.Query)
            .Describe(
                new(Tags.Stories, "postStory", "Posts a story")
                {
                    Details =
                        "The body is one of these: the file itself, with the fields in the query; a form with the file in `file`; a form with `compare=true` and two still pictures of one size, `before` and `after`; "
                        + "a text card. Send a text card as JSON, as the field `text` of a form, or as a body with `Content-Type: text/plain` or a name in .txt, .log or .md. "
                        + "The server answers when the file and its row are on the disk. `PUT` is for `curl -T`.",
                    Body = typeof(NewStory),
                    TakesFile = true,
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The story. A repeated request gets only its id if the story is gone.")
                        {
                            Json = [typeof(Story), typeof(RemovedStory)],
                            Headers = ["Location"],
                        },
                    ],
                    Refusals = [Errors.QuotaReached, Errors.NoRoom],
                }
            );
        app.MapPut(
                "/v1/stories/{id}",
                (HttpContext context, CurrentAccount caller, PostStory posting) => posting.PostAsync(context, caller)
            )
            .RequireAuthorization(Policies.Post)
            .RequireRateLimiting(PostLimiter.Policy)
            .WithMetadata(StoryFields.Query)
            .Describe(
                new(Tags.Stories, "putNamedStory", "Posts a story under the name of a file")
                {
                    Details =
                        "This works like `PUT /v1/stories`, but the last segment, `id`, is the file's name. `curl -T build.log` adds it to an address that ends in `/v1/stories/`. It changes no story, and takes no JSON.",
                    TakesFile = true,
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The story. A repeated request gets only its id if the story is gone.")
                        {
                            Json = [typeof(Story), typeof(RemovedStory)],
                            Headers = ["Location"],
                        },
                    ],
                    Refusals = [Errors.QuotaReached, Errors.NoRoom],
                }
            );
        app.MapGet("/v1/stories", ListAsync)
            .RequireAuthorization(Policies.ReadOrPost)
            .WithMetadata(StoryFilter.Query)
            .Describe(
                new(Tags.Stories, "listStories", "Lists active stories that you may see, newest first")
                {
                    Details = "A token that may only post sees its own stories.",
                    Answers = [ResponseDocs.Of<Page<Story>>("Stories.")],
                }
            );
        stories
            .MapGet("/{id}", Get)
            .Describe(
                new(Tags.Stories, "getStory", "Shows one story, without marking it as seen")
                {
                    Answers = [ResponseDocs.Of<Story>("The story, as you may see it.")],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        stories
            .MapPatch("/{id}", EditAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Stories, "editStory", "Changes your story")
                {
                    Body = typeof(StoryEdit),
                    Answers = [ResponseDocs.Of<Story>("The story as it is now.")],
                    Refusals = [.. RouteDocs.StoryGone, Errors.NotAuthor],
                }
            );
        stories
            .MapDelete("/{id}", DeleteAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Stories, "deleteStory", "Deletes a story and everything that belongs to it")
                {
                    Details = "Its author can do this, and an admin who may see it or to whom it was reported.",
                    Answers = [ResponseDocs.Done],
                    Refusals = [.. RouteDocs.StoryGone, Errors.NotAuthor],
                }
            );
        app.MapHighlights();
        app.MapHelp();
        app.MapArchive();
        app.MapStoryMedia();
        app.MapGet("/v1/receipts/{id}", GetReceiptAsync)
            .RequireAuthorization(Policies.Read)
            .WithMetadata(AnsweredByWriter.Yes)
            .Describe(
                new(Tags.Stories, "getReceipt", "Proves that a story's bytes are gone from the disk")
                {
                    Details = "Those who could see the story can get the receipt for 30 days after its end.",
                    Answers = [ResponseDocs.Of<Receipt>("The receipt.")],
                    Refusals = [.. RouteDocs.StoryGone, Errors.ReceiptNotFound],
                }
            );
        app.MapGet("/v1/tray", GetTray)
            .RequireAuthorization(Policies.Read)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Stories, "getTray", "Shows the row of people: a place for each author and slot, unseen first, then newest")
                {
                    Answers = [ResponseDocs.Of<Page<TrayItem>>("Places with active stories.")],
                }
            );
        stories
            .MapPut("/{id}/view", MarkViewedAsync)
            .WithMetadata(WorksOnFullDisk.Yes)
            .Describe(
                new(Tags.Stories, "viewStory", "Marks a story as seen; repeating it changes nothing")
                {
                    Body = typeof(NoFields),
                    BodyOptional = true,
                    Answers = [ResponseDocs.Done],
                    Refusals = RouteDocs.StoryGone,
                }
            );
        stories
            .MapGet("/{id}/viewers", ListViewers)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Stories, "listViewers", "Lists who has seen a story, for its author")
                {
                    Answers = [ResponseDocs.Of<ViewerPage>("Viewers, in the order in which they saw it.")],
                    Refusals = [.. RouteDocs.StoryGone, Errors.NotAuthor],
                }
            );
    }

    private static Task<StoryPage> ListAsync(HttpContext context, CurrentAccount caller, ViewerContext viewer, StoryLists lists)
    {
        var filter = StoryFilter.Read(context.Request, viewer.Now);
        return lists.ListAsync(viewer, filter, ownOnly: !caller.Has(Scopes.Read), context.RequestAborted);
    }

    private static JsonHttpResult<Story> Get(CurrentAccount caller, ViewerContext viewer, string id, StoryStore stories, StoryView view) =>
        TypedResults.Json(view.Of(stories.GetVisible(caller, id), viewer), ContractsJson.Default.Story);

    private static async Task<JsonHttpResult<Receipt>> GetReceiptAsync(
        CurrentAccount caller,
        string id,
        StoryStore stories,
        MediaStore media,
        ServerOptions options,
        CancellationToken cancel
    )
    {
        if (
            await stories.FindReceiptAsync(caller.Number, id, cancel).ConfigureAwait(false) is { } receipt
            && !await media.HasFilesAsync(id, cancel).ConfigureAwait(false)
        )
        {
            return TypedResults.Json(
                receipt with
                {
                    VersionsKept = media.KeepsVersions ? true : null,
                    // Only the embedded engine overwrites what is deleted.
                    RowsKept = options.Database is null ? null : true,
                },
                ContractsJson.Default.Receipt
            );
        }
        stories.GetVisible(caller.Number, id);
        throw new ApiProblem(Errors.ReceiptNotFound, $"story {id} is still there");
    }

    private static JsonHttpResult<Page<TrayItem>> GetTray(ViewerContext viewer, CountedTrays trays, AccountStore accounts, PageQuery paging)
    {
        var page = paging.Cut(trays.Of(viewer).Places);
        return TypedResults.Json(
            new Page<TrayItem> { Items = [.. page.Items.Select(place => place.Show(accounts.GetPerson))], NextCursor = page.NextCursor },
            ContractsJson.Default.PageTrayItem
        );
    }

    private static async Task<JsonHttpResult<Story>> EditAsync(
        HttpContext context,
        CurrentAccount caller,
        ViewerContext viewer,
        string id,
        StoryStore stories,
        StoryRules rules,
        StoryView view
    )
    {
        // A caller who may not see the story learns nothing from the faults of the edit.
        stories.GetVisible(caller.Number, id);
        var edit = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.StoryEdit).ConfigureAwait(false);
        var entry = await stories
            .EditAsync(caller.Number, id, rules.Check(caller.Number, edit), context.RequestAborted)
            .ConfigureAwait(false);
        return TypedResults.Json(view.Of(entry, viewer), ContractsJson.Default.Story);
    }

    private static async Task<NoContent> DeleteAsync(
        CurrentAccount caller,
        string id,
        StoryStore stories,
        MediaStore media,
        ILogger<StoryStore> log,
        CancellationToken cancel
    )
    {
        await stories.DeleteAsync(caller, id, cancel).ConfigureAwait(false);
        await media.DeleteQuietlyAsync(id, log).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    /// <summary>Deletes the files of a story that is already gone, and ignores failures.</summary>
    public static async Task DeleteQuietlyAsync(this MediaStore media, string id, ILogger log)
    {
        try
        {
            await media.DeleteAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next sweep tries again.
            Log.FilesLeft(log, id, e);
        }
    }

    private static async Task<NoContent> MarkViewedAsync(HttpContext context, CurrentAccount caller, string id, StoryStore stories)
    {
        // A caller who may not see the story learns nothing from the faults of the request.
        stories.GetVisible(caller.Number, id);
        await JsonBody.VerifyEmptyAsync(context.Request).ConfigureAwait(false);
        await stories.MarkViewedAsync(caller.Number, id, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<ViewerPage> ListViewers(
        CurrentAccount caller,
        string id,
        StoryStore stories,
        StoryView view,
        PageQuery paging
    )
    {
        var entry = stories.GetVisible(caller.Number, id);
        if (entry.Row.Author != caller.Number)
        {
            throw new ApiProblem(Errors.NotAuthor, "only its author learns who has seen a story");
        }
        var page = paging.Cut(view.ViewersOf(entry));
        return TypedResults.Json(
            new ViewerPage
            {
                Items = page.Items,
                NextCursor = page.NextCursor,
                PrivateCount = entry.Views.PrivateCount,
            },
            ContractsJson.Default.ViewerPage
        );
    }
}
