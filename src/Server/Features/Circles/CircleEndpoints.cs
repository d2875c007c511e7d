using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Circles;

/// <summary>Circles of the caller. Nobody else learns of them.</summary>
internal static class CircleEndpoints
{
    public static void AddCircles(this IServiceCollection services) => services.AddStore<CircleStore>();

    public static void MapCircles(this IEndpointRouteBuilder app)
    {
        var circles = app.MapGroup("/v1").RequireAuthorization(Policies.Read);
        circles
            .MapGet("/circles", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.People, "listCircles", "Lists your circles") { Answers = [ResponseDocs.Of<Page<Circle>>("Circles, by name.")] }
            );
        circles
            .MapPut("/circles/{name}", PutAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.People, "putCircle", "Makes a circle, or replaces its members")
                {
                    Details = "In an audience a circle is `+name`. Nobody else learns of it.",
                    Body = typeof(CircleMembers),
                    Repeatable = true,
                    Answers = [ResponseDocs.Of<Circle>("The circle.")],
                }
            );
        circles
            .MapDelete("/circles/{name}", DeleteAsync)
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.People, "deleteCircle", "Deletes a circle; audiences made with it stay")
                {
                    Answers = [ResponseDocs.Done],
                    Refusals = [Errors.CircleNotFound],
                }
            );
    }

    private static JsonHttpResult<Page<Circle>> List(CurrentAccount caller, CircleStore circles, AccountStore accounts, PageQuery paging)
    {
        var all = circles.Of(caller.Number).Select(c => ToCircle(c, accounts)).ToList();
        return TypedResults.Json(paging.Cut(all), ContractsJson.Default.PageCircle);
    }

    private static async Task<JsonHttpResult<Circle>> PutAsync(
        HttpContext context,
        CurrentAccount caller,
        string name,
        CircleStore circles,
        AccountStore accounts,
        IdempotencyStore idempotency
    )
    {
        var request = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.CircleMembers).ConfigureAwait(false);
        var circle = new CircleRow(caller.Number, name, Check(name, request.Members, accounts));
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.CircleMembers);
        return await idempotency
            .OnceAsync(
                repetition,
                async () =>
                    TypedResults.Json(
                        ToCircle(await circles.PutAsync(circle, repetition, context.RequestAborted).ConfigureAwait(false), accounts),
                        ContractsJson.Default.Circle
                    ),
                _ => TypedResults.Json(ToCircle(circle, accounts), ContractsJson.Default.Circle),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static async Task<NoContent> DeleteAsync(CurrentAccount caller, string name, CircleStore circles, CancellationToken cancel)
    {
        await circles.DeleteAsync(caller.Number, name, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static int[] Check(string name, string[]? members, AccountStore accounts)
    {
        var faults = new ValidationErrors();
        if (!Names.Circle.IsMatch(name))
        {
            faults.Add("name", $"must be 1 to 32 of a-z, 0-9, _ and -, was \"{Excerpt.Of(name)}\"");
        }
        if (members is null)
        {
            faults.Add("members", "is missing");
        }
        else if (members.Length > Limits.AudienceNames)
        {
            faults.Add("members", $"at most {Limits.AudienceNames}, was given {members.Length}");
        }
        var numbers = new List<int>();
        foreach (var member in (members ?? []).Distinct().Take(Limits.AudienceNames))
        {
            if (member is not null && accounts.Find(member) is { Disabled: false } account)
            {
                numbers.Add(account.Number);
            }
            else
            {
                faults.Add("members", $"there is nobody called \"{Excerpt.Of(member)}\"");
            }
        }
        faults.ThrowIfAny();
        return [.. numbers];
    }

    private static Circle ToCircle(CircleRow row, AccountStore accounts) =>
        new()
        {
            Name = row.Name,
            Members = [.. row.Members.Where(n => accounts.Find(n) is not null).Select(n => accounts.GetPerson(n).Handle)],
        };
}
