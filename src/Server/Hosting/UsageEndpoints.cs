using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Hosting;

/// <summary>Space that accounts use, and what is left.</summary>
internal static class UsageEndpoints
{
    public static void MapUsage(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/admin/usage", Get)
            .RequireAuthorization(Policies.Admin)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.Administration, "getUsage", "Who uses how much, the most first, and what is left")
                {
                    Answers = [ResponseDocs.Of<UsagePage>("Usage by account, and in all.")],
                }
            );

    private static JsonHttpResult<UsagePage> Get(
        AccountStore accounts,
        StoryInventory stories,
        UsedSpace space,
        DataDirectory directory,
        ServerOptions options,
        PageQuery paging
    )
    {
        var counts = stories.CountByAuthor();
        var all = accounts
            .All()
            .Select(a => new AccountUsage
            {
                Handle = a.Handle,
                Bytes = space.BytesOf(a.Number),
                Stories = counts.GetValueOrDefault(a.Number),
                QuotaBytes = options.QuotaAccountBytes,
            })
            .OrderByDescending(u => u.Bytes)
            .ToList();
        var page = paging.Cut(all);
        return TypedResults.Json(
            new UsagePage
            {
                Items = page.Items,
                NextCursor = page.NextCursor,
                Bytes = space.Bytes,
                Stories = counts.Values.Sum(),
                QuotaBytes = options.QuotaTotalBytes,
                DiskFreeBytes = directory.FreeBytes,
                DiskFloorBytes = options.DiskFloorBytes,
            },
            ContractsJson.Default.UsagePage
        );
    }
}
