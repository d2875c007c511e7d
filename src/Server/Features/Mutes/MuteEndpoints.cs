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
    private const string Person = "/v1/people/{handle}/mute",
        Tag = "/v1/tags/{tag}/mute",
        All = "/v1/me/mute";

    public static void AddMutes(this IServiceCollection services) => services.AddStore<MuteStore>();

    public static void MapMutes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/me/mutes", List)
            .WithMetadata(new AllowedQuery("limit", "cursor"))
            .Describe(
                new(Tags.People, "listMutes", "Lists what you have muted")
                {
                    Answers = [ResponseDocs.Of<Page<Mute>>("Current mutes: everything first, then people by handle, then tags.")],
                }
            );
        app.MapPut(
                Person,
                (HttpContext context, string handle, AccountStore accounts, MuteStore mutes, TimeProvider time) =>
                    PutAsync(context, PersonOf(context, handle, accounts), mutes, time)
            )
            .WithMetadata(Access.ReadAndPost)
            .Describe(Put("mutePerson", "Mutes a person: their stories do not count as unseen", Errors.AccountNotFound));
        app.MapDelete(
                Person,
                (HttpContext context, string handle, AccountStore accounts, MuteStore mutes) =>
                    DeleteAsync(context, PersonOf(context, handle, accounts), mutes)
            )
            .WithMetadata(Access.ReadAndPost)
            .Describe(
                new(Tags.People, "unmutePerson", "Unmutes a person") { Answers = [ResponseDocs.Done], Refusals = [Errors.AccountNotFound] }
            );
        app.MapPut(
                Tag,
                (HttpContext context, string tag, MuteStore mutes, TimeProvider time) => PutAsync(context, TagOf(context, tag), mutes, time)
            )
            .WithMetadata(Access.ReadAndPost)
            .Describe(Put("muteTag", "Mutes a tag: stories with it do not count as unseen"));
        app.MapDelete(Tag, (HttpContext context, string tag, MuteStore mutes) => DeleteAsync(context, TagOf(context, tag), mutes))
            .WithMetadata(Access.ReadAndPost)
            .Describe(new(Tags.People, "unmuteTag", "Unmutes a tag") { Answers = [ResponseDocs.Done] });
        app.MapPut(All, (HttpContext context, MuteStore mutes, TimeProvider time) => PutAsync(context, AllOf(context), mutes, time))
            .WithMetadata(Access.ReadAndPost)
            .Describe(Put("muteAll", "Mutes everything: no story counts as unseen"));
        app.MapDelete(All, (HttpContext context, MuteStore mutes) => DeleteAsync(context, AllOf(context), mutes))
            .WithMetadata(Access.ReadAndPost)
            .Describe(
                new(Tags.People, "unmuteAll", "Ends muting everything; people and tags stay muted") { Answers = [ResponseDocs.Done] }
            );
    }

    private static JsonHttpResult<Page<Mute>> List(HttpContext context, MuteStore mutes, AccountStore accounts)
    {
        var all = mutes
            .ListOf(context.Account().Number)
            .Select(row => new Mute
            {
                Person = row.Person is { } person ? accounts.GetPerson(person) : null,
                Tag = row.Tag,
                Until = row.Until,
            })
            .OrderBy(mute => mute.Tag is not null)
            .ThenBy(mute => mute.Person?.Handle ?? mute.Tag, StringComparer.Ordinal)
            .ToList();
        return TypedResults.Json(Paging.Cut(context.Request, all), ContractsJson.Default.PageMute);
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
        var end = request.Until is { } asked
            ? DateTimeOffset.FromUnixTimeMilliseconds(asked.ToUnixTimeMilliseconds())
            : (DateTimeOffset?)null;
        await mutes.PutAsync(mute with { Until = end }, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DeleteAsync(HttpContext context, MuteRow mute, MuteStore mutes)
    {
        await mutes.DeleteAsync(mute, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static MuteRow PersonOf(HttpContext context, string handle, AccountStore accounts)
    {
        var caller = context.Account().Number;
        var number =
            accounts.Find(handle)?.Number
            ?? throw new ApiProblem(Errors.AccountNotFound, $"there is nobody called \"{Excerpt.Of(handle)}\"");
        return number != caller
            ? new(caller, number, null, null)
            : throw ApiProblem.Invalid("handle", $"is your own, and what is yours is never unseen; {All} mutes everything");
    }

    private static MuteRow TagOf(HttpContext context, string tag) =>
        Names.Tag.IsMatch(tag)
            ? new(context.Account().Number, null, tag, null)
            : throw ApiProblem.Invalid("tag", $"must be 1 to 32 of a-z, 0-9 and -, was \"{Excerpt.Of(tag)}\"");

    private static MuteRow AllOf(HttpContext context) => new(context.Account().Number, null, null, null);

    private static string Wire(DateTimeOffset at) =>
        at.UtcDateTime.ToString(WireTimeConverter.Format, System.Globalization.CultureInfo.InvariantCulture);
}
