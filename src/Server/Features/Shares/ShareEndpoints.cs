using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Shares;

/// <summary>Makes, lists and revokes an author's own shares.</summary>
internal static class ShareEndpoints
{
    public static void AddShares(this IServiceCollection services) => services.AddStore<ShareStore>().AddSingleton<ShareCounter>();

    public static void MapShares(this IEndpointRouteBuilder app)
    {
        var shares = app.MapGroup("/v1").RequireAuthorization(Policies.Read);
        shares
            .MapPost("/stories/{id}/share", MakeAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Sharing, "createShare", "Shares your story with everybody who has the address, as a page for a browser")
                {
                    Details =
                        "The share ends with the story, when you revoke it, with its author, and after 7 days at the latest. A repeated request with the same `Idempotency-Key` answers the same share without the address, which the server does not store.",
                    Body = typeof(NewShare),
                    BodyOptional = true,
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The share; its address is shown only this once.")
                        {
                            Json = [typeof(MadeShare), typeof(Share), typeof(RemovedStory)],
                        },
                    ],
                    Refusals = [.. RouteDocs.StoryGone, Errors.NotAuthor],
                }
            );
        shares
            .MapGet("/shares", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Sharing, "listShares", "Lists your active shares, newest first, and how often each was opened")
                {
                    Answers = [ResponseDocs.Of<Page<Share>>("Shares.")],
                }
            );
        shares
            .MapDelete("/shares/{id}", RevokeAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Sharing, "revokeShare", "Revokes your share at once")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [Errors.ShareNotFound],
                }
            );
        app.MapSharePages();
    }

    private static async Task<Results<JsonHttpResult<MadeShare>, JsonHttpResult<Share>, JsonHttpResult<RemovedStory>>> MakeAsync(
        HttpContext context,
        CurrentAccount caller,
        string id,
        ShareStore shares,
        StoryStore stories,
        PublicAddress publicAddress,
        IdempotencyStore idempotency
    )
    {
        // A caller who may not see the story learns nothing from the faults of the request. A repeated request gets its answer even after the story has ended.
        if (IdempotencyKey.Of(context) is not { } key || idempotency.Find(key) is null)
        {
            stories.GetVisible(caller.Number, id);
        }
        var request = await JsonBody.TryReadAsync(context.Request, ContractsJson.Default.NewShare).ConfigureAwait(false) ?? new NewShare();
        var ttl = Limits.ShareTtl;
        if (request.Ttl is not null && !(Durations.TryParse(request.Ttl, out ttl) && ttl > TimeSpan.Zero && ttl <= Limits.ShareTtlMaximum))
        {
            throw ApiProblem.Invalid(
                "ttl",
                $"must be a duration up to {Durations.Format(Limits.ShareTtlMaximum)}, was \"{Excerpt.Of(request.Ttl)}\""
            );
        }
        var address = publicAddress.Of(context);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewShare);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<MadeShare>, JsonHttpResult<Share>, JsonHttpResult<RemovedStory>>>(
                repetition,
                async () =>
                {
                    var (share, secret) = await shares.MakeAsync(caller, id, ttl, repetition, context.RequestAborted).ConfigureAwait(false);
                    var made = new MadeShare
                    {
                        Id = share.Id,
                        Url = $"{address}{SharePageEndpoints.Prefix}{secret}",
                        ExpiresAt = share.ExpiresAt,
                    };
                    return TypedResults.Json(made, ContractsJson.Default.MadeShare, statusCode: StatusCodes.Status201Created);
                },
                // The secret was shown once and is not stored, so a repeated request gets the rest.
                share =>
                    shares.Find(share) is { } known
                        ? TypedResults.Json(ToShare(known), ContractsJson.Default.Share, statusCode: StatusCodes.Status201Created)
                        : TypedResults.Json(
                            new RemovedStory { Id = share },
                            ContractsJson.Default.RemovedStory,
                            statusCode: StatusCodes.Status201Created
                        ),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static JsonHttpResult<Page<Share>> List(CurrentAccount caller, ShareStore shares, PageQuery paging) =>
        TypedResults.Json(paging.Cut(shares.Of(caller.Number).Select(ToShare).ToList()), ContractsJson.Default.PageShare);

    private static async Task<NoContent> RevokeAsync(CurrentAccount caller, string id, ShareStore shares, CancellationToken cancel)
    {
        await shares.RevokeAsync(caller, id, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static Share ToShare(ShareRow row) =>
        new()
        {
            Id = row.Id,
            StoryId = row.Story,
            CreatedAt = row.CreatedAt,
            ExpiresAt = row.ExpiresAt,
            OpenCount = row.OpenCount,
        };
}
