using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A story's file, its poster, and signed links to them.</summary>
internal static class StoryMediaEndpoints
{
    public const string PartParameter = "part";

    public static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];
    public static readonly string[] MediaHeaders =
    [
        HeaderNames.AcceptRanges,
        HeaderNames.CacheControl,
        HeaderNames.ContentDisposition,
        HeaderNames.ETag,
        HeaderNames.LastModified,
        HeaderNames.XContentTypeOptions,
        HeaderNames.ContentSecurityPolicy,
        "Cross-Origin-Resource-Policy",
    ];

    public static void MapStoryMedia(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/v1/stories/{id}/media", GetAndHead, GetMediaAsync)
            .WithMetadata(AnsweredByWriter.WhereMediaAreFiles)
            .RequireAuthorization(Policies.Read)
            .WithMetadata(QueryCredential.SignedLink, new AllowedQuery(PartParameter, QueryCredential.SignedLink.Parameter))
            .Describe(
                new(Tags.Media, "getMedia", "Sends the file of a story")
                {
                    Details =
                        "The bytes have the SHA-256 that the story shows. A before/after story has three files; `part` selects one. If you ask for several ranges, you may get the whole file.",
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
                            Headers = MediaHeaders,
                        },
                        ResponseDocs.File(206, "The requested range.", MediaTypes.All) with
                        {
                            Headers = [.. MediaHeaders, HeaderNames.ContentRange],
                        },
                        new(304, "Your copy is still current."),
                    ],
                    Refusals =
                    [
                        .. RouteDocs.StoryGone,
                        Errors.StoryLive,
                        Errors.RangeNotSatisfiable,
                        Errors.PreconditionFailed,
                        Errors.MediaDamaged,
                    ],
                }
            );
        app.MapMethods("/v1/archive/{id}/media", GetAndHead, GetArchivedMediaAsync)
            .WithMetadata(AnsweredByWriter.WhereMediaAreFiles)
            .RequireAuthorization(Policies.Read)
            .WithMetadata(new AllowedQuery(PartParameter))
            .Describe(
                new(Tags.Media, "getArchivedMedia", "Sends the file of an expired story in your archive")
                {
                    Details = "Only the author can get it. It has no signed link and no poster.",
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
                            Headers = MediaHeaders,
                        },
                        ResponseDocs.File(206, "The requested range.", MediaTypes.All) with
                        {
                            Headers = [.. MediaHeaders, HeaderNames.ContentRange],
                        },
                        new(304, "Your copy is still current."),
                    ],
                    Refusals = [Errors.StoryNotFound, Errors.RangeNotSatisfiable, Errors.PreconditionFailed, Errors.MediaDamaged],
                }
            );
        app.MapGet("/v1/stories/{id}/poster", GetPosterAsync)
            .WithMetadata(AnsweredByWriter.WhereMediaAreFiles)
            .RequireAuthorization(Policies.Read)
            .WithMetadata(new AllowedQuery(PartParameter, "width", "height"))
            .Describe(
                new(Tags.Media, "getPoster", "Sends a still picture of a story, upright, no larger than you ask for")
                {
                    Details =
                        "Posters come in a few sizes, with a longer side of 1, 8, 20, 40, 80, 160, 320, 640, 960, 1280, 1600 or 1920 pixels. You get the largest that fits into `width` × `height`, or the picture's own size if that fits. Scale it to the size you need.",
                    Headers = [HeaderNames.Accept, HeaderNames.IfNoneMatch],
                    Answers =
                    [
                        ResponseDocs.File(200, "JPEG, or PNG if `Accept` prefers it.", MediaTypes.Jpeg, MediaTypes.Png) with
                        {
                            Headers = [HeaderNames.CacheControl, HeaderNames.ETag, HeaderNames.Vary, HeaderNames.XContentTypeOptions],
                        },
                        new(304, "Your copy is still current."),
                    ],
                    Refusals =
                    [
                        .. RouteDocs.StoryGone,
                        Errors.StoryLive,
                        Errors.PosterUnavailable,
                        Errors.MediaDamaged,
                        Errors.ServerUnavailable,
                    ],
                }
            );
        app.MapPost("/v1/stories/{id}/links", MakeLinkAsync)
            .RequireAuthorization(Policies.Read)
            .WithMetadata(WorksOnFullDisk.Yes)
            .Describe(
                new(Tags.Media, "createLink", "Makes a signed link to a story's file, for a player")
                {
                    Details =
                        "For a before/after story the link opens one file, the `part` in the request. It ends with the story, with the token that made it, and after an hour at the latest.",
                    Body = typeof(NewLink),
                    BodyOptional = true,
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The link. A repeated request gets only the story's id if the story is gone.")
                        {
                            Json = [typeof(MediaLink), typeof(RemovedStory)],
                        },
                    ],
                    Refusals = [.. RouteDocs.StoryGone, Errors.StoryLive],
                }
            );
    }

    private static Task<Results<FileContentHttpResult, FileStreamHttpResult>> GetMediaAsync(
        HttpContext context,
        string id,
        StoryStore stories,
        TokenStore tokens,
        FeedKeyAccount feeds,
        LinkSigner signer,
        MediaReader reader,
        TimeProvider time
    )
    {
        var part = ReadPart(context);
        var viewer = Viewer(context, id, part, stories, tokens, feeds, signer, time);
        return ServeAsync(
            context,
            part,
            () => context.FindAccount() is { } caller ? stories.GetVisible(caller, id) : stories.GetVisible(viewer, id),
            reader,
            time
        );
    }

    private static Task<Results<FileContentHttpResult, FileStreamHttpResult>> GetArchivedMediaAsync(
        HttpContext context,
        CurrentAccount caller,
        string id,
        StoryArchive stories,
        MediaReader reader,
        TimeProvider time
    ) => ServeAsync(context, ReadPart(context), () => stories.GetArchived(caller.Number, id), reader, time);

    /// <param name="context">The request.</param>
    /// <param name="part">Requested part of the story.</param>
    /// <param name="see">Returns the story as the caller may see it now, or throws.</param>
    /// <param name="reader">Reads the story's file.</param>
    /// <param name="time">Clock, for how long the caller may cache the file.</param>
    /// <exception cref="ApiProblem"><c>media_damaged</c>, whatever range was requested.</exception>
    public static async Task<Results<FileContentHttpResult, FileStreamHttpResult>> ServeAsync(
        HttpContext context,
        string? part,
        Func<StoryEntry> see,
        MediaReader reader,
        TimeProvider time
    )
    {
        var row = see().Row;
        var id = row.Id;
        var media = row.GetFile(part);
        RangeHeaders.DropMeaningless(context.Request.Headers);
        var opened = row.HoldsText
            ? new(Encoding.UTF8.GetBytes(row.Text!), null)
            : await OpenAsync(part, row, see, reader, context.RequestAborted).ConfigureAwait(false);
        var headers = context.Response.Headers;
        SetPrivateCaching(headers, row.ExpiresAt, time.GetUtcNow());
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(media.FileName ?? id);
        headers.ContentDisposition = disposition.ToString();
        var type = media.Type == MediaTypes.Text ? "text/plain; charset=utf-8" : media.Type;
        var tag = new EntityTagHeaderValue($"\"{media.Sha256}\"");
        if (opened.Stream is { } stream)
        {
            return TypedResults.Stream(stream, type, lastModified: row.CreatedAt, entityTag: tag, enableRangeProcessing: true);
        }
        return TypedResults.Bytes(opened.Content!, type, enableRangeProcessing: true, lastModified: row.CreatedAt, entityTag: tag);
    }

    private static async ValueTask<OpenedMedia> OpenAsync(
        string? part,
        StoryRow row,
        Func<StoryEntry> see,
        MediaReader reader,
        CancellationToken cancel
    )
    {
        var opening = reader.TryOpenAsync(row.Id, part, row.GetFile(part), cancel);
        var tookTime = !opening.IsCompleted;
        var (opened, fault) = await opening.ConfigureAwait(false);
        if (opened is null)
        {
            // The file of a story that has just ended is not damaged.
            see();
            throw reader.Refuse(row.Id, part, fault!);
        }
        if (tookTime)
        {
            await SeeAgainAsync(opened, see).ConfigureAwait(false);
        }
        return opened;
    }

    /// <summary>The story may have ended while its file came from elsewhere.</summary>
    private static async ValueTask SeeAgainAsync(OpenedMedia opened, Func<StoryEntry> see)
    {
        try
        {
            see();
        }
        catch
        {
            await opened.ToStream().DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Part named in the query; null when it names none.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c>.</exception>
    public static string? ReadPart(HttpContext context) => ReadPart(context.Request.Query[PartParameter]);

    /// <exception cref="ApiProblem"><c>invalid_request</c>.</exception>
    private static string? ReadPart(string? asked) =>
        asked is null || StoryParts.All.Contains(asked)
            ? asked
            : throw ApiProblem.Invalid(PartParameter, $"must be before, after or difference, was \"{Excerpt.Of(asked)}\"");

    /// <summary>Account that asks for the media: the caller, or the maker of the signed link.</summary>
    private static int Viewer(
        HttpContext context,
        string id,
        string? part,
        StoryStore stories,
        TokenStore tokens,
        FeedKeyAccount feeds,
        LinkSigner signer,
        TimeProvider time
    )
    {
        if (context.FindAccount() is { } caller)
        {
            return caller.Number;
        }
        if (
            signer.Verify(MediaFolder.NameOf(id, part), context.Request.Query[QueryCredential.SignedLink.Parameter].ToString())
            is not { } claims
        )
        {
            throw new ApiProblem(Errors.LinkInvalid, "the link was changed, or is for another story or another part of it");
        }
        if ((tokens.FindLive(claims.TokenId)?.Number ?? feeds(claims.TokenId)) is not { } issuer || issuer != claims.Issuer)
        {
            throw new ApiProblem(Errors.LinkInvalid, "the token or feed key that the link was made with no longer holds");
        }
        // A story that is gone returns its own error, also through an expired link.
        stories.GetVisible(issuer, id);
        return claims.ExpiresAt > time.GetUtcNow()
            ? issuer
            : throw new ApiProblem(
                Errors.LinkExpired,
                $"the link ended at {claims.ExpiresAt.UtcDateTime.ToString(WireTimeConverter.Format, CultureInfo.InvariantCulture)}"
            );
    }

    private static async Task<FileContentHttpResult> GetPosterAsync(
        HttpContext context,
        CurrentAccount caller,
        string id,
        StoryStore stories,
        Posters posters,
        TimeProvider time
    )
    {
        var faults = new ValidationErrors();
        var width = ReadSide(context.Request, "width", faults);
        var height = ReadSide(context.Request, "height", faults);
        faults.ThrowIfAny();
        var part = ReadPart(context);
        var row = stories.GetVisible(caller, id).Row;
        var media = row.GetFile(part);
        var format = PrefersPng(context.Request) ? PosterFormat.Png : PosterFormat.Jpeg;
        var reader = context.RequestServices.GetRequiredService<MediaReader>();
        if (row.HoldsText)
        {
            throw new ApiProblem(Errors.PosterUnavailable, $"There is no poster of {media.Type}.");
        }
        if (await reader.LookAsync(id, part, media, context.RequestAborted).ConfigureAwait(false) is { } damage)
        {
            stories.GetVisible(caller, id);
            throw reader.Refuse(id, part, damage);
        }
        var facts = new MediaFacts(row.Kind, media.Type, media.Width, media.Height, media.DurationMs);
        Poster poster;
        try
        {
            poster = await posters.GetAsync(id, part, media, facts, width, height, format, context.RequestAborted).ConfigureAwait(false);
        }
        catch (ApiProblem problem) when (problem.Error == Errors.PosterUnavailable && row.Kind == StoryKinds.Image)
        {
            // It was decodable when it was posted, so the file may be damaged by now.
            if (await reader.FindFaultAsync(id, part, media, pace: null, context.RequestAborted).ConfigureAwait(false) is { } fault)
            {
                stories.GetVisible(caller, id);
                throw reader.Refuse(id, part, fault);
            }
            throw;
        }
        finally
        {
            // Making it took time: check again. A story that ended meanwhile must report that, and not a failure of the decoder.
            stories.GetVisible(caller, id);
        }
        SetPrivateCaching(context.Response.Headers, row.ExpiresAt, time.GetUtcNow());
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.Vary = HeaderNames.Accept;
        return TypedResults.Bytes(
            poster.Content,
            format == PosterFormat.Png ? MediaTypes.Png : MediaTypes.Jpeg,
            entityTag: new(poster.Tag)
        );
    }

    private static async Task<Results<JsonHttpResult<MediaLink>, JsonHttpResult<RemovedStory>>> MakeLinkAsync(
        HttpContext context,
        CurrentAccount caller,
        string id,
        StoryStore stories,
        MediaLinks links,
        IdempotencyStore idempotency
    )
    {
        var request = await JsonBody.TryReadAsync(context.Request, ContractsJson.Default.NewLink).ConfigureAwait(false) ?? new NewLink();
        var ttl = Limits.LinkTtl;
        if (request.Ttl is not null && !(Durations.TryParse(request.Ttl, out ttl) && ttl > TimeSpan.Zero && ttl <= Limits.LinkTtlMaximum))
        {
            throw ApiProblem.Invalid(
                "ttl",
                $"must be a duration up to {Durations.Format(Limits.LinkTtlMaximum)}, was \"{Excerpt.Of(request.Ttl)}\""
            );
        }
        var part = ReadPart(request.Part);
        var repetition = IdempotentRequest.Of(context, request, ContractsJson.Default.NewLink);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<MediaLink>, JsonHttpResult<RemovedStory>>>(
                repetition,
                async () =>
                {
                    var row = stories.GetVisible(caller.Number, id).Row;
                    row.GetFile(part);
                    var made = links.Make(context, id, ttl, row.KeptIn is null ? row.ExpiresAt : null, part);
                    var shown = Created(links.Show(context, made));
                    await idempotency
                        .RememberAsync(repetition, StatusCodes.Status201Created, made.Remembered, context.RequestAborted)
                        .ConfigureAwait(false);
                    return shown;
                },
                remembered =>
                    stories.FindVisible(caller.Number, id) is null
                        ? TypedResults.Json(
                            new RemovedStory { Id = id },
                            ContractsJson.Default.RemovedStory,
                            statusCode: StatusCodes.Status201Created
                        )
                        : Created(links.Show(context, MadeLink.Of(remembered, id, part, caller.Number))),
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static JsonHttpResult<MediaLink> Created(MediaLink link) =>
        TypedResults.Json(link, ContractsJson.Default.MediaLink, statusCode: StatusCodes.Status201Created);

    /// <summary>At most for the story's lifetime. A kept story may end at any moment, so clients must revalidate.</summary>
    private static void SetPrivateCaching(IHeaderDictionary headers, DateTimeOffset expiresAt, DateTimeOffset now) =>
        headers.CacheControl = string.Create(
            CultureInfo.InvariantCulture,
            $"private, max-age={Math.Max(0, (long)(expiresAt - now).TotalSeconds)}"
        );

    private static int ReadSide(HttpRequest request, string name, ValidationErrors faults)
    {
        if (!request.Query.TryGetValue(name, out var text))
        {
            return Posters.SideMaximum;
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) || side is < 1 or > Posters.SideMaximum)
        {
            faults.Add(name, $"must be 1 to {Posters.SideMaximum}, was \"{Excerpt.Of(text)}\"");
        }
        return side;
    }

    private static bool PrefersPng(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var png = accepted.Where(a => a.MediaType == MediaTypes.Png).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
        var jpeg = accepted.Where(a => a.MediaType == MediaTypes.Jpeg).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
        return png > jpeg;
    }
}
