using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Shares;

/// <summary>The public page of a share, and its story's file.</summary>
internal static class SharePageEndpoints
{
    /// <summary>Path before a share's secret. Code that logs paths must omit what follows.</summary>
    public const string Prefix = "/s/";

    private const string PolicyHeader = "Referrer-Policy",
        RobotsHeader = "X-Robots-Tag";

    public static void MapSharePages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/s").AllowAnonymous().WithMetadata(AnsweredByWriter.Yes);
        pages
            .MapMethods("/{secret}", StoryMediaEndpoints.GetAndHead, GetPageAsync)
            .WithMetadata(AllowedQuery.Anything, new ErrorPage(SharePage.SetHeaders, SharePage.OfRefusal))
            .Describe(
                new(Tags.Sharing, "getSharePage", "Shows the page of a share, for a browser")
                {
                    Details =
                        "A page without script or cookie. A client that accepts `text/html` gets refusals as a page too. The server ignores a query.",
                    Headers = [HeaderNames.Accept],
                    Answers =
                    [
                        ResponseDocs.File(200, "The story, its caption, its author, and how long it stays.", "text/html") with
                        {
                            Headers =
                            [
                                HeaderNames.ContentSecurityPolicy,
                                HeaderNames.XContentTypeOptions,
                                HeaderNames.CacheControl,
                                PolicyHeader,
                                RobotsHeader,
                            ],
                        },
                    ],
                    Refusals = [Errors.ShareNotFound, Errors.ShareEnded, Errors.MediaDamaged],
                }
            );
        pages
            .MapMethods("/{secret}/media", StoryMediaEndpoints.GetAndHead, GetMediaAsync)
            .WithMetadata(new AllowedQuery(StoryMediaEndpoints.PartParameter))
            .Describe(
                new(Tags.Sharing, "getSharedMedia", "Sends the file of a shared story")
                {
                    Details = "A before/after story has three files; `part` selects one.",
                    Headers =
                    [
                        HeaderNames.Range,
                        HeaderNames.IfRange,
                        HeaderNames.IfNoneMatch,
                        HeaderNames.IfModifiedSince,
                        HeaderNames.IfMatch,
                        HeaderNames.IfUnmodifiedSince,
                    ],
                    Answers =
                    [
                        ResponseDocs.File(200, "The bytes.", MediaTypes.All) with
                        {
                            Headers = [.. StoryMediaEndpoints.MediaHeaders, PolicyHeader, RobotsHeader],
                        },
                        ResponseDocs.File(206, "The requested range.", MediaTypes.All) with
                        {
                            Headers = [.. StoryMediaEndpoints.MediaHeaders, HeaderNames.ContentRange, PolicyHeader, RobotsHeader],
                        },
                        new(304, "Your copy is still current."),
                    ],
                    Refusals =
                    [
                        Errors.ShareNotFound,
                        Errors.ShareEnded,
                        Errors.StoryLive,
                        Errors.RangeNotSatisfiable,
                        Errors.PreconditionFailed,
                        Errors.MediaDamaged,
                    ],
                }
            );
    }

    private static async Task<ContentHttpResult> GetPageAsync(
        HttpContext context,
        string secret,
        ShareStore shares,
        ShareCounter counter,
        AccountStore accounts,
        MediaReader reader,
        TimeProvider time
    )
    {
        var (share, story) = shares.Open(secret);
        var text =
            story.Kind == StoryKinds.Text && !story.HoldsText
                ? await ReadTextAsync(reader, () => shares.Open(secret).Story, context.RequestAborted).ConfigureAwait(false)
                : story.Text;
        // Reading took time: do not show a share that ended meanwhile.
        shares.Open(secret);
        var end = story.EndsAt is { } storyEnd && storyEnd < share.ExpiresAt ? storyEnd : share.ExpiresAt;
        SharePage.SetHeaders(context.Response.Headers);
        if (HttpMethods.IsGet(context.Request.Method))
        {
            counter.Count(share.Id);
        }
        var page = SharePage.Of(
            new(
                story.Kind,
                accounts.GetPerson(story.Author),
                story.Caption,
                text,
                story.Media,
                story.Compare,
                MediaPath(context, secret),
                end,
                time.GetUtcNow()
            )
        );
        return TypedResults.Content(page, "text/html", Encoding.UTF8);
    }

    /// <summary>Relative, so that it works behind a proxy that serves us below a path. With a slash after the secret, the page itself is a folder.</summary>
    private static string MediaPath(HttpContext context, string secret) =>
        context.Request.Path.Value!.EndsWith('/') ? "media" : $"{secret}/media";

    /// <summary>The whole text. The row has only the beginning of a long one.</summary>
    private static async Task<string> ReadTextAsync(MediaReader files, Func<StoryEntry> see, CancellationToken cancel)
    {
        var story = see();
        var (opened, fault) = await files.TryOpenAsync(story.Id, part: null, story.Media, cancel).ConfigureAwait(false);
        if (opened is null)
        {
            see();
            throw files.Refuse(story.Id, part: null, fault!);
        }
        using var reader = new StreamReader(opened.ToStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancel).ConfigureAwait(false);
    }

    private static async Task<Results<FileContentHttpResult, FileStreamHttpResult>> GetMediaAsync(
        HttpContext context,
        string secret,
        ShareStore shares,
        MediaReader reader,
        TimeProvider time
    )
    {
        var part = StoryMediaEndpoints.ReadPart(context);
        var file = await StoryMediaEndpoints.ServeAsync(context, part, () => shares.Open(secret).Story, reader, time).ConfigureAwait(false);
        HtmlPage.SetDiscretion(context.Response.Headers);
        // A share can be revoked at any moment, so clients must revalidate.
        context.Response.Headers.CacheControl = "private, no-cache";
        // The author's file name is not part of the share.
        context.Response.Headers.ContentDisposition = "inline";
        return file;
    }
}
