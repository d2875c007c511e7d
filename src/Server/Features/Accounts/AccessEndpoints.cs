using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>How admins let people back in.</summary>
internal static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/admin/accounts/{handle}/access", GiveAsync)
            .WithMetadata(Access.Admin)
            .Describe(
                new(Tags.Administration, "giveAccess", "Makes a one-time access link, by which somebody gets back into their account")
                {
                    Details =
                        "One use, one hour; a link that was made for the account before ends, and so does this one with the token it is made with. `POST /v1/join` takes its code in place of an invite's, for this handle. "
                        + "The account is told by the event `access.given` and by `access` in `GET /v1/me`. Repeated with its `Idempotency-Key` it answers the same link without the code, which is not stored.",
                    Body = typeof(NoFields),
                    BodyOptional = true,
                    Repeatable = true,
                    Answers = [ResponseDocs.Of<MadeAccess>("The link; its code is shown this once.", 201)],
                    Refusals = [Errors.AccountNotFound],
                }
            );

    private static async Task<IResult> GiveAsync(HttpContext context, string handle, AccountStore accounts, IdempotencyStore idempotency)
    {
        var request = await JsonBody.TryReadAsync(context.Request, ContractsJson.Default.NoFields).ConfigureAwait(false) ?? new NoFields();
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NoFields);
        return await idempotency
            .OnceAsync(
                repetition,
                async () =>
                {
                    var access = await accounts
                        .GiveAccessAsync(context.Account(), handle, repetition, context.RequestAborted)
                        .ConfigureAwait(false);
                    return ToResult(
                        new()
                        {
                            Id = access.Id,
                            Code = access.Code,
                            ExpiresAt = access.ExpiresAt,
                        }
                    );
                },
                id => ToResult(new() { Id = id, ExpiresAt = accounts.FindAccess(id)?.ExpiresAt }),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static JsonHttpResult<MadeAccess> ToResult(MadeAccess made) =>
        TypedResults.Json(made, ContractsJson.Default.MadeAccess, statusCode: StatusCodes.Status201Created);
}
