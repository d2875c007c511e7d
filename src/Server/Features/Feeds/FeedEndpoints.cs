using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Feeds;

/// <summary>Makes, lists and revokes feed keys, and serves the feed.</summary>
internal static class FeedEndpoints
{
    public static void AddFeeds(this IServiceCollection services) =>
        services.AddStore<FeedStore>().AddSingleton<FeedKeyAccount>(provider => provider.GetRequiredService<FeedStore>().FindLive);

    public static void MapFeeds(this IEndpointRouteBuilder app)
    {
        var feeds = app.MapGroup("/v1").RequireAuthorization(Policies.Read);
        app.MapPlaylist();
        feeds
            .MapPost("/feeds", MakeAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Sharing, "createFeed", "Makes a key that reads your feed, and nothing else")
                {
                    Details =
                        "The key works until you revoke it. It ends with the token that made it and with the account. A repeated request with the same `Idempotency-Key` answers the same feed without the key, which the server does not store.",
                    Body = typeof(NewFeed),
                    BodyOptional = true,
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The feed; its key is shown only this once.")
                        {
                            Json = [typeof(MadeFeed), typeof(Feed), typeof(RemovedStory)],
                        },
                    ],
                }
            );
        feeds
            .MapGet("/feeds", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Sharing, "listFeeds", "Lists your feed keys, without their secrets")
                {
                    Answers = [ResponseDocs.Of<Page<Feed>>("Feed keys.")],
                }
            );
        feeds
            .MapDelete("/feeds/{id}", RevokeAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Sharing, "revokeFeed", "Revokes one of your feed keys, and ends all addresses that its feed named, at once")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [Errors.FeedNotFound],
                }
            );
        app.MapGet("/v1/feed.atom", ReadAsync)
            .AllowAnonymous()
            .WithMetadata(new AllowedQuery(QueryCredential.FeedKey.Parameter, "author"))
            .Describe(
                new(Tags.Sharing, "getFeed", "Shows the newest active stories that the key's owner may see, as Atom")
                {
                    Details =
                        "Each story has its file as an enclosure, with its own address. The address works as long as the story and the key.",
                    Headers = [HeaderNames.IfNoneMatch],
                    Answers =
                    [
                        ResponseDocs.File(200, "Atom 1.0.", AtomFeed.ContentType) with
                        {
                            Headers = [HeaderNames.CacheControl, HeaderNames.ETag, HeaderNames.XContentTypeOptions],
                        },
                        new(304, "Your copy is still current."),
                    ],
                    Refusals = [Errors.FeedKeyInvalid, Errors.RateLimited],
                }
            );
    }

    private static async Task<Results<JsonHttpResult<MadeFeed>, JsonHttpResult<Feed>, JsonHttpResult<RemovedStory>>> MakeAsync(
        HttpContext context,
        CurrentAccount caller,
        FeedStore feeds,
        IdempotencyStore idempotency
    )
    {
        var request = await JsonBody.TryReadAsync(context.Request, ContractsJson.Default.NewFeed).ConfigureAwait(false) ?? new NewFeed();
        var faults = new ValidationErrors();
        var name = AccountRules.Name(faults, "name", request.Name, "feed", Limits.FeedNameCharacters);
        faults.ThrowIfAny();
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewFeed);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<MadeFeed>, JsonHttpResult<Feed>, JsonHttpResult<RemovedStory>>>(
                repetition,
                async () =>
                {
                    var (feed, key) = await feeds.MakeAsync(caller, name, repetition, context.RequestAborted).ConfigureAwait(false);
                    return TypedResults.Json(
                        new MadeFeed
                        {
                            Id = feed.Id,
                            Key = key,
                            ExpiresAt = caller.TokenExpiresAt,
                        },
                        ContractsJson.Default.MadeFeed,
                        statusCode: StatusCodes.Status201Created
                    );
                },
                // The key was shown once and is not stored, so a repeated request gets the rest.
                id =>
                    feeds.Find(id) is { } feed
                        ? TypedResults.Json(ToFeed(feed, feeds), ContractsJson.Default.Feed, statusCode: StatusCodes.Status201Created)
                        : TypedResults.Json(
                            new RemovedStory { Id = id },
                            ContractsJson.Default.RemovedStory,
                            statusCode: StatusCodes.Status201Created
                        ),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static JsonHttpResult<Page<Feed>> List(CurrentAccount caller, FeedStore feeds, PageQuery paging) =>
        TypedResults.Json(paging.Cut(feeds.Of(caller.Number).Select(row => ToFeed(row, feeds)).ToList()), ContractsJson.Default.PageFeed);

    private static async Task<NoContent> RevokeAsync(CurrentAccount caller, string id, FeedStore feeds, CancellationToken cancel)
    {
        await feeds.RevokeAsync(caller, id, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<FileContentHttpResult> ReadAsync(
        HttpContext context,
        FeedStore feeds,
        StoryLists lists,
        StoryView view,
        MediaLinks links,
        Viewers viewers
    )
    {
        var reader = feeds.GetReader(context);
        var viewer = viewers.Of(reader.Account);
        var filter = StoryFilter.Read(context.Request, viewer.Now);
        var found = await lists.MatchingAsync(viewer, filter, _ => true, Limits.FeedEntries, context.RequestAborted).ConfigureAwait(false);
        var stories = found
            .Select(entry => new FeedStory(
                view.Of(entry, viewer),
                links.Show(context, MediaLinks.MakeForFeed(entry.Id, reader.Account, reader.Feed, entry.ExpiresAt)).Url
            ))
            .ToList();
        var body = AtomFeed.Write(reader, filter.Author, stories);
        var headers = context.Response.Headers;
        // A story may end a moment later, so clients must revalidate.
        headers.CacheControl = "private, no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Bytes(
            body,
            AtomFeed.ContentType + "; charset=utf-8",
            entityTag: new($"\"{Convert.ToHexStringLower(SHA256.HashData(body))}\"")
        );
    }

    private static Feed ToFeed(FeedRow row, FeedStore feeds) =>
        new()
        {
            Id = row.Id,
            Name = row.Name,
            CreatedAt = row.CreatedAt,
            ExpiresAt = feeds.ExpiryOf(row),
        };
}
