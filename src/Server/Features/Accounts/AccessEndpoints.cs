using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>Lets admins make access links.</summary>
internal static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapGroup("/v1/admin/accounts").RequireAuthorization(Policies.Admin);
        accounts
            .MapPost("/{handle}/access", GiveAsync)
            .Describe(
                new(Tags.Administration, "giveAccess", "Makes a one-time access link, with which somebody gets back into their account")
                {
                    Details =
                        "The link works once and for one hour. It ends earlier links of the account, and ends with the token that made it. `POST /v1/join` takes its code instead of an invite code, for this handle. "
                        + "The event `access.given` and `access` in `GET /v1/me` tell the account. A repeated request with the same `Idempotency-Key` answers the same link without the code, which the server does not store.",
                    Body = typeof(NoFields),
                    BodyOptional = true,
                    Repeatable = true,
                    Answers = [ResponseDocs.Of<MadeAccess>("The link; its code is shown only this once.", 201)],
                    Refusals = [Errors.AccountNotFound],
                }
            );
    }

    private static async Task<JsonHttpResult<MadeAccess>> GiveAsync(
        HttpContext context,
        CurrentAccount caller,
        string handle,
        AccessLinkStore links,
        IdempotencyStore idempotency,
        PublicAddress address
    )
    {
        var request = await JsonBody.TryReadAsync(context.Request, ContractsJson.Default.NoFields).ConfigureAwait(false) ?? new NoFields();
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NoFields);
        return await idempotency
            .OnceAsync(
                repetition,
                async () =>
                {
                    var access = await links.MakeAsync(caller, handle, repetition, context.RequestAborted).ConfigureAwait(false);
                    return ToResult(
                        new()
                        {
                            Id = access.Id,
                            Code = access.Code,
                            Link = JoinPage.LinkFor(address.Find(context), access.Code),
                            ExpiresAt = access.ExpiresAt,
                        }
                    );
                },
                id => ToResult(new() { Id = id, ExpiresAt = links.Find(id)?.ExpiresAt }),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static JsonHttpResult<MadeAccess> ToResult(MadeAccess made) =>
        TypedResults.Json(made, ContractsJson.Default.MadeAccess, statusCode: StatusCodes.Status201Created);
}
