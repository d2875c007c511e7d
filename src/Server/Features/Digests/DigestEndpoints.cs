using System.Globalization;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Digests;

/// <summary>A summary of what happened lately, for people who were away.</summary>
internal static class DigestEndpoints
{
    private const string Markdown = "text/markdown";

    public static void AddDigests(this IServiceCollection services) => services.AddSingleton<DigestView>();

    public static void MapDigests(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/digest", GetAsync)
            .RequireAuthorization(Policies.Read)
            .WithMetadata(new AllowedQuery("since"))
            .Describe(
                new(Tags.Stories, "getDigest", "Reports what was posted, answered, kept and asked, and who has not seen your stories")
                {
                    Details =
                        $"The digest holds what you may see now: for expired stories only their readable replies, for deleted ones nothing. It leaves out what you have muted. Each part has at most {Limits.DigestItems} items, and says how many more there are.",
                    Headers = [HeaderNames.Accept],
                    Answers =
                    [
                        ResponseDocs.Of<Digest>("The digest; Markdown with `Accept: text/markdown`.") with
                        {
                            Otherwise = [Markdown],
                        },
                    ],
                }
            );

    private static async Task GetAsync(HttpContext context, ViewerContext viewer, DigestView view)
    {
        var digest = await view.OfAsync(viewer, ReadSince(context.Request.Query, viewer.Now), context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "private, no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.Vary = "Accept";
        if (!WantsMarkdown(context.Request))
        {
            await TypedResults.Json(digest, ContractsJson.Default.Digest).ExecuteAsync(context).ConfigureAwait(false);
            return;
        }
        context.Response.ContentType = Markdown + "; charset=utf-8";
        await context.Response.WriteAsync(DigestMarkdown.Of(digest), context.RequestAborted).ConfigureAwait(false);
    }

    private static bool WantsMarkdown(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .Accept.Where(accepted => accepted.Quality is not 0)
            .OrderByDescending(accepted => accepted.Quality ?? 1)
            .FirstOrDefault(accepted => accepted.MediaType.Value is Markdown or "application/json" or "application/*" or "*/*")
            ?.MediaType.Value == Markdown;

    /// <exception cref="ApiProblem"><c>invalid_request</c>.</exception>
    private static DateTimeOffset ReadSince(IQueryCollection query, DateTimeOffset now)
    {
        if (!query.TryGetValue("since", out var values))
        {
            return now - Limits.DigestSpan;
        }
        var text = values.ToString();
        var since =
            Durations.TryParse(text, out var ago) && ago <= Limits.DigestSpanMaximum + TimeSpan.FromTicks(1) ? now - ago
            : ago > TimeSpan.Zero ? DateTimeOffset.MinValue
            : JsonShape.HasOffset(text)
            && text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? time
            : throw ApiProblem.Invalid(
                "since",
                $"must be a time such as 2026-11-22T18:00:00Z or a duration such as 24h, was \"{Excerpt.Of(text)}\""
            );
        return since >= now - Limits.DigestSpanMaximum && since < now
            ? since
            : throw ApiProblem.Invalid(
                "since",
                $"must lie at most {Limits.DigestSpanMaximum.TotalDays} days back, and not ahead, was \"{Excerpt.Of(text)}\""
            );
    }
}
