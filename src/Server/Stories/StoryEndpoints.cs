using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Media;

namespace StoriesCli.Server.Stories;

/// <summary>Looking at stories, saying that one was seen, and deleting them.</summary>
internal static class StoryEndpoints
{
    public static void AddStories(this IServiceCollection services) => services
        .AddSingleton<StoryStore>()
        .AddSingleton<StoryView>()
        .AddSingleton<StoryLists>()
        .AddSingleton<StoryRules>()
        .AddSingleton<StoryIntake>()
        .AddSingleton<StoryPosting>()
        .AddSingleton<Quota>()
        .AddSingleton<ExpiryWatch>()
        .AddSingleton<Sweeper>()
        .AddHostedService(provider => provider.GetRequiredService<Sweeper>());

    public static void MapStories(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/v1/stories", [HttpMethods.Post, HttpMethods.Put], (HttpContext context, StoryPosting posting) => posting.PostAsync(context))
            .WithMetadata(Access.Post, StoryFields.Query);
        app.MapGet("/v1/stories", List).WithMetadata(Access.ReadOrPost, StoryFilter.Query);
        app.MapGet("/v1/stories/{id}", Get);
        app.MapPatch("/v1/stories/{id}", EditAsync).WithMetadata(Access.ReadAndPost);
        app.MapDelete("/v1/stories/{id}", DeleteAsync).WithMetadata(Access.ReadAndPost);
        app.MapHighlights();
        app.MapPlaylist();
        app.MapGet("/v1/receipts/{id}", GetReceipt);
        app.MapGet("/v1/tray", GetTray).WithMetadata(new KnownQuery("limit", "cursor"));
        app.MapPut("/v1/stories/{id}/view", MarkViewedAsync);
        app.MapGet("/v1/stories/{id}/viewers", ListViewers).WithMetadata(new KnownQuery("limit", "cursor"));
    }

    private static JsonHttpResult<Page<Story>> List(HttpContext context, StoryLists lists, TimeProvider time)
    {
        var caller = context.Account();
        var filter = StoryFilter.Read(context.Request, time.GetUtcNow());
        return TypedResults.Json(lists.List(caller.Number, filter, ownOnly: !caller.Has(Scopes.Read)), ContractsJson.Default.PageStory);
    }

    private static JsonHttpResult<Story> Get(HttpContext context, string id, StoryStore stories, StoryView view)
    {
        var viewer = context.Account().Number;
        return TypedResults.Json(view.Of(stories.GetVisible(viewer, id), viewer), ContractsJson.Default.Story);
    }

    private static JsonHttpResult<Receipt> GetReceipt(HttpContext context, string id, StoryStore stories, MediaFolder folder)
    {
        var viewer = context.Account().Number;
        if (stories.FindReceipt(viewer, id) is { } receipt && !folder.HasFiles(id))
        {
            return TypedResults.Json(receipt, ContractsJson.Default.Receipt);
        }
        stories.GetVisible(viewer, id);
        throw new Failure(Errors.ReceiptNotFound, $"story {id} is still there");
    }

    private static JsonHttpResult<Page<TrayItem>> GetTray(HttpContext context, StoryLists lists) =>
        TypedResults.Json(Paging.Cut(context.Request, lists.Tray(context.Account().Number)), ContractsJson.Default.PageTrayItem);

    private static async Task<JsonHttpResult<Story>> EditAsync(HttpContext context, string id, StoryStore stories, StoryRules rules, StoryView view)
    {
        var caller = context.Account().Number;
        // Who may not see the story learns nothing from what is wrong with the edit.
        stories.GetVisible(caller, id);
        var edit = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.StoryEdit).ConfigureAwait(false);
        var entry = await stories.EditAsync(caller, id, rules.Check(caller, edit), context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(view.Of(entry, caller), ContractsJson.Default.Story);
    }

    private static async Task<NoContent> DeleteAsync(HttpContext context, string id, StoryStore stories, MediaFolder folder, ILogger<StoryStore> log)
    {
        await stories.DeleteAsync(context.Account(), id, context.RequestAborted).ConfigureAwait(false);
        folder.DeleteQuietly(id, log);
        return TypedResults.NoContent();
    }

    /// <summary>Deletes the files of a story that is gone already, whatever becomes of them.</summary>
    public static void DeleteQuietly(this MediaFolder folder, string id, ILogger log)
    {
        try
        {
            folder.Delete(id);
        }
        catch (IOException e)
        {
            // The sweeper finds files that no row accounts for.
            Log.FilesLeft(log, id, e);
        }
    }

    private static async Task<NoContent> MarkViewedAsync(HttpContext context, string id, StoryStore stories)
    {
        var caller = context.Account().Number;
        // Who may not see the story learns nothing from what is wrong with the request.
        stories.GetVisible(caller, id);
        await JsonBody.VerifyEmptyAsync(context.Request).ConfigureAwait(false);
        await stories.MarkViewedAsync(caller, id, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<ViewerPage> ListViewers(HttpContext context, string id, StoryStore stories, StoryView view)
    {
        var caller = context.Account().Number;
        var entry = stories.GetVisible(caller, id);
        if (entry.Row.Author != caller)
        {
            throw new Failure(Errors.NotAuthor, "only its author learns who has seen a story");
        }
        var page = Paging.Cut(context.Request, view.ViewersOf(entry));
        return TypedResults.Json(new ViewerPage { Items = page.Items, NextCursor = page.NextCursor }, ContractsJson.Default.ViewerPage);
    }
}
