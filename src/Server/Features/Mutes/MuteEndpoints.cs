using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Mutes;

/// <summary>Mutes of the caller: a person, a tag, or everything. Nobody else learns of them.</summary>
internal static class MuteEndpoints
{
    private const string All = "/v1/me/mute";

    public static void AddMutes(this IServiceCollection services) => services.AddStore<MuteStore>();

    public static void MapMutes(this IEndpointRouteBuilder app)
    {
        var mutes = app.MapGroup("/v1").RequireAuthorization(Policies.Read);
        mutes
            .MapGet("/me/mutes", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.People, "listMutes", "Lists what you have muted")
                {
                    Answers = [ResponseDocs.Of<Page<Mute>>("Current mutes: everything first, then people by handle, then tags.")],
                }
            );
        mutes
            .MapPut(
                "/people/{handle}/mute",
                (HttpContext context, CurrentAccount caller, string handle, AccountStore accounts, MuteStore mutes, TimeProvider time) =>
                    PutAsync(context, PersonOf(caller, handle, accounts), mutes, time)
            )
            .RequireAuthorization(Policies.Write)
            .Describe(Put("mutePerson", "Mutes a person: their stories do not count as unseen", Errors.AccountNotFound));
        mutes
            .MapDelete(
                "/people/{handle}/mute",
                (CurrentAccount caller, string handle, AccountStore accounts, MuteStore mutes, CancellationToken cancel) =>
                    DeleteAsync(PersonOf(caller, handle, accounts), mutes, cancel)
            )
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.People, "unmutePerson", "Unmutes a person") { Answers = [ResponseDocs.Done], Refusals = [Errors.AccountNotFound] }
            );
        mutes
            .MapPut(
                "/tags/{tag}/mute",
                (HttpContext context, CurrentAccount caller, string tag, MuteStore mutes, TimeProvider time) =>
                    PutAsync(context, TagOf(caller, tag), mutes, time)
            )
            .RequireAuthorization(Policies.Write)
            .Describe(Put("muteTag", "Mutes a tag: stories with it do not count as unseen"));
        mutes
            .MapDelete(
                "/tags/{tag}/mute",
                (CurrentAccount caller, string tag, MuteStore mutes, CancellationToken cancel) =>
                    DeleteAsync(TagOf(caller, tag), mutes, cancel)
            )
            .RequireAuthorization(Policies.Write)
            .Describe(new(Tags.People, "unmuteTag", "Unmutes a tag") { Answers = [ResponseDocs.Done] });
        mutes
            .MapPut(
                "/me/mute",
                (HttpContext context, CurrentAccount caller, MuteStore mutes, TimeProvider time) =>
                    PutAsync(context, AllOf(caller), mutes, time)
            )
            .RequireAuthorization(Policies.Write)
            .Describe(Put("muteAll", "Mutes everything: no story counts as unseen"));
        mutes
            .MapDelete(
                "/me/mute",
                (CurrentAccount caller, MuteStore mutes, CancellationToken cancel) => DeleteAsync(AllOf(caller), mutes, cancel)
            )
            .RequireAuthorization(Policies.Write)
            .Describe(
                new(Tags.People, "unmuteAll", "Ends muting everything; people and tags stay muted") { Answers = [ResponseDocs.Done] }
            );
    }

    private static JsonHttpResult<Page<Mute>> List(
        CurrentAccount caller,
        MuteStore mutes,
        AccountStore accounts,
        TimeProvider time,
        PageQuery paging
    )
    {
        var all = mutes
            .ListOf(caller.Number, time.GetUtcNow())
            .Select(row => new Mute
            {
                Person = row.Person is { } person ? accounts.GetPerson(person) : null,
                Tag = row.Tag,
                Until = row.Until,
            })
            .OrderBy(mute => mute.Tag is not null)
            .ThenBy(mute => mute.Person?.Handle ?? mute.Tag, StringComparer.Ordinal)
            .ToList();
        return TypedResults.Json(paging.Cut(all), ContractsJson.Default.PageMute);
    }

    private static RouteDocs Put(string id, string summary, params ErrorCode[] refusals) =>
        new(Tags.People, id, summary)
        {
            Details = "It ends at `until`, or when you end it. Nobody else learns of it.",
            Body = typeof(NewMute),
            BodyOptional = true,
            Answers = [ResponseDocs.Done],
            Refusals = refusals,
        };

    private static async Task<NoContent> PutAsync(HttpContext context, MuteRow mute, MuteStore mutes, TimeProvider time)
    {
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };
        var request = !hasBody
            ? new NewMute()
            : await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewMute).ConfigureAwait(false);
        if (request.Until is { } until && until <= time.GetUtcNow())
        {
            throw ApiProblem.Invalid("until", $"must lie ahead, was {Wire(until)}, and it is {Wire(time.GetUtcNow())}");
        }
        // Whole milliseconds, as stored, so that a restart changes nothing.
        var end = request.Until is { } asked ? asked.ToWholeMilliseconds() : (DateTimeOffset?)null;
        await mutes.PutAsync(mute with { Until = end }, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DeleteAsync(MuteRow mute, MuteStore mutes, CancellationToken cancel)
    {
        await mutes.DeleteAsync(mute, cancel).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static MuteRow PersonOf(CurrentAccount caller, string handle, AccountStore accounts)
    {
        var number =
            accounts.Find(handle)?.Number
            ?? throw new ApiProblem(Errors.AccountNotFound, $"there is nobody called \"{Excerpt.Of(handle)}\"");
        return number != caller.Number
            ? new(caller.Number, number, null, null)
            : throw ApiProblem.Invalid("handle", $"is your own, and what is yours is never unseen; {All} mutes everything");
    }

    private static MuteRow TagOf(CurrentAccount caller, string tag) =>
        Names.Tag.IsMatch(tag)
            ? new(caller.Number, null, tag, null)
            : throw ApiProblem.Invalid("tag", $"must be 1 to 32 of a-z, 0-9 and -, was \"{Excerpt.Of(tag)}\"");

    private static MuteRow AllOf(CurrentAccount caller) => new(caller.Number, null, null, null);

    private static string Wire(DateTimeOffset at) =>
        at.UtcDateTime.ToString(WireTimeConverter.Format, System.Globalization.CultureInfo.InvariantCulture);
}
