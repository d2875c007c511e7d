using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Makes, lists and revokes invites, for admins.</summary>
internal static class InviteEndpoints
{
    public static void MapInvites(this IEndpointRouteBuilder app)
    {
        var invites = app.MapGroup("/v1").RequireAuthorization(Policies.Admin);
        invites
            .MapGet("/invites", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Access, "listInvites", "Lists open invites") { Answers = [ResponseDocs.Of<Page<OpenInvite>>("Open invites.")] }
            );
        invites
            .MapPost("/invites", MakeAsync)
            .Describe(
                new(Tags.Access, "createInvite", "Makes an invite")
                {
                    Details =
                        "The invite works once. It ends with the token that made it: when that expires or is revoked. A repeated request with the same `Idempotency-Key` answers the same invite without the code, which the server does not store.",
                    Body = typeof(NewInvite),
                    BodyOptional = true,
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The invite; its code is shown only this once.")
                        {
                            Json = [typeof(MadeInvite), typeof(OpenInvite), typeof(RemovedStory)],
                        },
                    ],
                }
            );
        invites
            .MapDelete("/invites/{id}", RevokeAsync)
            .Describe(
                new(Tags.Access, "revokeInvite", "Revokes an invite") { Answers = [ResponseDocs.Done], Refusals = [Errors.InviteNotFound] }
            );
    }

    private static JsonHttpResult<Page<OpenInvite>> List(InviteStore invites, AccountStore accounts, PageQuery paging)
    {
        var open = invites.Open().Select(i => ToOpen(i, accounts)).ToList();
        return TypedResults.Json(paging.Cut(open), ContractsJson.Default.PageOpenInvite);
    }

    private static async Task<Results<JsonHttpResult<MadeInvite>, JsonHttpResult<OpenInvite>, JsonHttpResult<RemovedStory>>> MakeAsync(
        HttpContext context,
        CurrentAccount caller,
        InviteStore invites,
        AccountStore accounts,
        IdempotencyStore idempotency,
        PublicAddress address,
        TimeProvider time
    )
    {
        var request =
            await JsonBody.TryReadAsync(context.Request, ContractsJson.Default.NewInvite).ConfigureAwait(false) ?? new NewInvite();
        var role = AccountRules.InvitedRole(request.Role, caller.Role);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewInvite);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<MadeInvite>, JsonHttpResult<OpenInvite>, JsonHttpResult<RemovedStory>>>(
                repetition,
                async () =>
                {
                    var end = AccountRules.InviteEnd(request.Ttl, time.GetUtcNow(), caller);
                    var (invite, code) = await invites
                        .MakeAsync(caller, role, end, repetition, context.RequestAborted)
                        .ConfigureAwait(false);
                    var made = new MadeInvite
                    {
                        Id = invite.Id,
                        Code = code,
                        Link = JoinPage.LinkFor(address.Find(context), code),
                        ExpiresAt = invite.ExpiresAt,
                    };
                    return TypedResults.Json(made, ContractsJson.Default.MadeInvite, statusCode: StatusCodes.Status201Created);
                },
                // The code was shown once and is not stored, so a repeated request gets the rest.
                id =>
                    invites.Find(id) is { } invite
                        ? TypedResults.Json(
                            ToOpen(invite, accounts),
                            ContractsJson.Default.OpenInvite,
                            statusCode: StatusCodes.Status201Created
                        )
                        : TypedResults.Json(
                            new RemovedStory { Id = id },
                            ContractsJson.Default.RemovedStory,
                            statusCode: StatusCodes.Status201Created
                        ),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static async Task<NoContent> RevokeAsync(CurrentAccount caller, string id, InviteStore invites, CancellationToken cancel)
    {
        await invites.RevokeAsync(caller, id, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static OpenInvite ToOpen(InviteRow invite, AccountStore accounts) =>
        new()
        {
            Id = invite.Id,
            Role = invite.Role,
            CreatedBy = invite.CreatedBy is { } by ? accounts.GetPerson(by).Handle : null,
            CreatedAt = invite.CreatedAt,
            ExpiresAt = invite.ExpiresAt,
        };
}
