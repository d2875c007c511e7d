using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Accounts;

/// <summary>How admins let people in.</summary>
internal static class InviteEndpoints
{
    public static void MapInvites(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/invites", List).WithMetadata(Access.Admin, new KnownQuery("limit", "cursor"));
        app.MapPost("/v1/invites", MakeAsync).WithMetadata(Access.Admin);
        app.MapDelete("/v1/invites/{id}", RevokeAsync).WithMetadata(Access.Admin);
    }

    private static JsonHttpResult<Page<OpenInvite>> List(HttpContext context, AccountStore accounts)
    {
        var invites = accounts.OpenInvites().Select(i => new OpenInvite
        {
            Id = i.Id,
            Role = i.Role,
            CreatedBy = i.CreatedBy is { } by ? accounts.GetPerson(by).Handle : null,
            CreatedAt = i.CreatedAt,
            ExpiresAt = i.ExpiresAt,
        }).ToList();
        return TypedResults.Json(Paging.Cut(context.Request, invites), ContractsJson.Default.PageOpenInvite);
    }

    private static async Task<JsonHttpResult<MadeInvite>> MakeAsync(HttpContext context, AccountStore accounts, TimeProvider time)
    {
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewInvite).ConfigureAwait(false);
        var caller = context.Account();
        var role = AccountRules.InvitedRole(request.Role, caller.Role);
        var end = time.GetUtcNow() + AccountRules.InviteTtl(request.Ttl);
        var (invite, code) = await accounts.InviteAsync(role, caller.Number, end, replaceServersOwn: false, context.RequestAborted).ConfigureAwait(false);
        var made = new MadeInvite { Id = invite.Id, Code = code, ExpiresAt = invite.ExpiresAt };
        return TypedResults.Json(made, ContractsJson.Default.MadeInvite, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<NoContent> RevokeAsync(HttpContext context, string id, AccountStore accounts)
    {
        await accounts.RevokeInviteAsync(id, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }
}
