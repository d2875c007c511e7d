using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Accounts;

/// <summary>The caller's own tokens.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder app)
    {
        var tokens = app.MapGroup("/v1").RequireAuthorization(Policies.Read);
        tokens
            .MapGet("/tokens", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Access, "listTokens", "Lists your tokens, without their secrets")
                {
                    Answers = [ResponseDocs.Of<Page<TokenInfo>>("Valid tokens.")],
                }
            );
        tokens
            .MapPost("/tokens", MakeAsync)
            .Describe(
                new(Tags.Access, "createToken", "Makes a token")
                {
                    Details =
                        "The new token has no more scopes and no longer life than the token that makes it. Without `ttl` it ends and renews like that one; with `ttl` it ends after that time. A repeated request with the same `Idempotency-Key` answers the same token without the secret, which the server does not store.",
                    Body = typeof(NewToken),
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The token; its secret is shown only this once.")
                        {
                            Json = [typeof(MadeToken), typeof(TokenInfo), typeof(RemovedStory)],
                        },
                    ],
                }
            );
        tokens
            .MapDelete("/tokens/{id}", RevokeAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.Access, "revokeToken", "Revokes one of your tokens, and ends its streams and signed links within a second")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [Errors.TokenNotFound],
                }
            );
    }

    private static JsonHttpResult<Page<TokenInfo>> List(CurrentAccount caller, TokenStore tokens, TokenExpiry expiry, PageQuery paging)
    {
        var valid = tokens.Of(caller.Number).Select(t => ToInfo(t, tokens, expiry)).ToList();
        return TypedResults.Json(paging.Cut(valid), ContractsJson.Default.PageTokenInfo);
    }

    private static async Task<Results<JsonHttpResult<MadeToken>, JsonHttpResult<TokenInfo>, JsonHttpResult<RemovedStory>>> MakeAsync(
        HttpContext context,
        CurrentAccount caller,
        TokenStore tokens,
        TokenExpiry expiry,
        IdempotencyStore idempotency,
        TimeProvider time
    )
    {
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewToken).ConfigureAwait(false);
        var faults = new ValidationErrors();
        var name = AccountRules.Name(faults, "name", request.Name, "", Limits.TokenNameCharacters);
        if (name.Length == 0)
        {
            faults.Add("name", "is missing");
        }
        faults.ThrowIfAny();
        var scopes = AccountRules.TokenScopes(request.Scopes, caller);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewToken);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<MadeToken>, JsonHttpResult<TokenInfo>, JsonHttpResult<RemovedStory>>>(
                repetition,
                async () =>
                {
                    var now = time.GetUtcNow();
                    // A token that renews has its full lifetime left, because this request uses it.
                    var end = AccountRules.TokenEnd(request.Ttl, now, caller.TokenRenews ? now + Limits.TokenTtl : caller.TokenExpiresAt);
                    var (token, secret) = await tokens
                        .MakeAsync(caller, name, scopes, end, repetition, context.RequestAborted)
                        .ConfigureAwait(false);
                    var made = new MadeToken
                    {
                        Id = token.Id,
                        Name = token.Name,
                        Scopes = token.Scopes,
                        CreatedAt = token.CreatedAt,
                        ExpiresAt = expiry.ExpiryOf(token),
                        Renews = expiry.Renews(token),
                        Token = secret,
                    };
                    return TypedResults.Json(made, ContractsJson.Default.MadeToken, statusCode: StatusCodes.Status201Created);
                },
                // The secret was shown once and is not stored, so a repeated request gets the rest.
                id =>
                    tokens.Find(id) is { } token
                        ? TypedResults.Json(
                            ToInfo(token, tokens, expiry),
                            ContractsJson.Default.TokenInfo,
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

    private static async Task<NoContent> RevokeAsync(CurrentAccount caller, string id, TokenStore tokens, CancellationToken cancel)
    {
        await tokens.RevokeAsync(caller, id, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static TokenInfo ToInfo(TokenRow token, TokenStore tokens, TokenExpiry expiry) =>
        new()
        {
            Id = token.Id,
            Name = token.Name,
            Scopes = tokens.ScopesOf(token),
            CreatedAt = token.CreatedAt,
            ExpiresAt = expiry.ExpiryOf(token),
            Renews = expiry.Renews(token),
            LastUsedAt = token.LastUsedAt,
        };
}
