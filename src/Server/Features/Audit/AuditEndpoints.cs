using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Audit;

/// <summary>The audit trail, for admins.</summary>
internal static class AuditEndpoints
{
    public static void AddAudit(this IServiceCollection services) => services.AddStore<AuditStore>();

    public static void MapAudit(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/admin/audit", ListAsync)
            .RequireAuthorization(Policies.Admin)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Administration, "listAudit", "Lists who did what, newest first")
                {
                    Answers = [ResponseDocs.Of<Page<AuditEntry>>("Entries of one year.")],
                }
            );

    private static async Task<JsonHttpResult<Page<AuditEntry>>> ListAsync(AuditStore audit, PageQuery paging, CancellationToken cancel)
    {
        var limit = paging.GetLimit();
        string? before = paging.Cursor;
        if (before is not null && !Names.Id.IsMatch(before))
        {
            throw ApiProblem.Invalid("cursor", "is not one that this list gave");
        }
        var rows = await audit.ReadAsync(before, limit, cancel).ConfigureAwait(false);
        var page = new Page<AuditEntry> { Items = [.. rows.Select(ToEntry)], NextCursor = rows.Count == limit ? rows[^1].Id : null };
        return TypedResults.Json(page, ContractsJson.Default.PageAuditEntry);
    }

    private static AuditEntry ToEntry(AuditRow row) =>
        new()
        {
            Id = row.Id,
            At = row.At,
            Actor = row.Actor,
            Action = row.Action,
            Subject = row.Subject,
            Detail = row.Detail,
        };
}
