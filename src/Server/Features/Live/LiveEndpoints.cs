using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Live;

/// <summary>Terminals that others watch while a command runs in them, and that become recordings.</summary>
internal static class LiveEndpoints
{
    private const string OffsetHeader = "Offset";

    public static void AddLive(this IServiceCollection services) =>
        services.AddSingleton<LiveTerminals>().AddSingleton<LiveStream>().AddHostedService<LiveKeeper>();

    public static void MapLive(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/live", BeginAsync)
            .RequireAuthorization(Policies.Post)
            .RequireRateLimiting(PostLimiter.Policy)
            .Describe(
                new(Tags.Live, "beginLive", "Begins a live terminal: a recording that others watch while it grows")
                {
                    Details =
                        $"The story has `live: true` until its command ends. Its lifetime counts from now; if it expires before, nobody sees it any more. "
                        + $"An account has at most {Limits.LiveTerminals} at once, each of at most {Limits.LiveDuration.TotalHours} hours and the bytes of the largest recording.",
                    Body = typeof(NewLive),
                    Repeatable = true,
                    Answers =
                    [
                        new(201, "The story. A repeated request gets only its id if the story is gone.")
                        {
                            Json = [typeof(Story), typeof(RemovedStory)],
                            Headers = ["Location"],
                        },
                    ],
                    Refusals = [Errors.QuotaReached, Errors.NoRoom, Errors.LiveLimit],
                }
            );
        app.MapPost("/v1/live/{id}/output", AppendAsync)
            .RequireAuthorization(Policies.Post)
            .Describe(
                new(Tags.Live, "appendLive", "Adds output to your live terminal")
                {
                    Details =
                        $"The body has lines of asciicast v3, `[interval, \"o\", text]` and `[interval, \"r\", \"80x24\"]`, at most {Limits.LiveOutputBytes:N0} bytes. Typed input is refused. "
                        + $"The answer comes when they are on the disk. An empty body is a sign of life; without one, a live terminal ends as broken after {Limits.LiveSilence.TotalSeconds} s. "
                        + "If bytes are missing or doubled, the answer is `live_offset`, and its header `Offset` says where to continue.",
                    TakesEvents = true,
                    Headers = [OffsetHeader],
                    Answers = [new(204, "It is added.") { Headers = [OffsetHeader] }],
                    Refusals =
                    [
                        .. RouteDocs.StoryGone,
                        Errors.NotAuthor,
                        Errors.LiveEnded,
                        Errors.LiveOffset,
                        Errors.QuotaReached,
                        Errors.NoRoom,
                    ],
                }
            );
        app.MapPost("/v1/live/{id}/end", EndAsync)
            .RequireAuthorization(Policies.Post)
            .WithMetadata(WorksOnFullDisk.Yes)
            .Describe(
                new(Tags.Live, "endLive", "Ends your live terminal, which becomes a recording with its result")
                {
                    Details = "Repeating it with the same exit code changes nothing. To end and delete it, delete the story.",
                    Body = typeof(LiveEnd),
                    Answers = [ResponseDocs.Of<Story>("The story as it is now.")],
                    Refusals = [.. RouteDocs.StoryGone, Errors.NotAuthor, Errors.LiveEnded],
                }
            );
        app.MapGet("/v1/stories/{id}/live", FollowAsync)
            .WithMetadata(AnsweredByWriter.Yes)
            .RequireAuthorization(Policies.Read)
            .Describe(
                new(Tags.Live, "followLive", "Streams a live terminal, as server-sent events")
                {
                    Details =
                        "Each `data` is a `LiveEvent` in JSON. The first is a snapshot of the screen; then comes what the terminal shows. A viewer who falls behind gets another snapshot. "
                        + $"A comment comes at least every 15 s. The stream ends with the command, and when you may no longer see the story. At most {Limits.LiveViewers} can watch.",
                    Answers =
                    [
                        new(200, "A stream that ends with the command.") { Json = [typeof(LiveEvent)], Media = ["text/event-stream"] },
                    ],
                    Refusals = [.. RouteDocs.StoryGone, Errors.LiveEnded, Errors.LiveLimit],
                }
            );
    }

    private static async Task<Results<JsonHttpResult<Story>, JsonHttpResult<RemovedStory>>> BeginAsync(
        HttpContext context,
        CurrentAccount caller,
        LiveTerminals terminals,
        LiveStories rules,
        StoryStore stories,
        StoryView view,
        Viewers viewers,
        IdempotencyStore idempotency
    )
    {
        var story = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.NewLive).ConfigureAwait(false);
        var repetition = IdempotentRequest.Of(context, story, ContractsJson.Default.NewLive);
        return await idempotency
            .OnceAsync<Results<JsonHttpResult<Story>, JsonHttpResult<RemovedStory>>>(
                repetition,
                async () =>
                {
                    var faults = new ValidationErrors(PostRequestReader.JsonNames);
                    var size = (ReadSide("width", story.Width, Limits.LiveColumns), ReadSide("height", story.Height, Limits.LiveRows));
                    var delay = ReadDelay(story.Delay, faults);
                    var draft = rules.Check(caller.Number, story, faults);
                    return Created(
                        await terminals
                            .BeginAsync(caller.Number, draft, size, delay, repetition, context.RequestAborted)
                            .ConfigureAwait(false)
                    );

                    int ReadSide(string name, int? given, int most)
                    {
                        if (given is not { } side || side < 1 || side > most)
                        {
                            faults.Add(name, $"must be 1 to {most}, was {given?.ToString(CultureInfo.InvariantCulture) ?? "missing"}");
                        }
                        return given ?? 0;
                    }
                },
                id =>
                    stories.FindVisible(caller.Number, id) is { } known
                        ? Created(known)
                        : TypedResults.Json(
                            new RemovedStory { Id = id },
                            ContractsJson.Default.RemovedStory,
                            statusCode: StatusCodes.Status201Created
                        ),
                context.RequestAborted
            )
            .ConfigureAwait(false);

        JsonHttpResult<Story> Created(StoryEntry entry)
        {
            context.Response.Headers.Location = $"/v1/stories/{entry.Id}";
            return TypedResults.Json(
                view.Of(entry, viewers.Of(caller.Number)),
                ContractsJson.Default.Story,
                statusCode: StatusCodes.Status201Created
            );
        }
    }

    private static TimeSpan ReadDelay(string? given, ValidationErrors faults)
    {
        if (given is null)
        {
            return TimeSpan.Zero;
        }
        if (!Durations.TryParse(given, out var delay) || delay < TimeSpan.Zero || delay > Limits.LiveDelayMaximum)
        {
            faults.Add("delay", $"must be a duration up to {Durations.Format(Limits.LiveDelayMaximum)}, was \"{Excerpt.Of(given)}\"");
        }
        return delay;
    }

    private static async Task<NoContent> AppendAsync(HttpContext context, CurrentAccount caller, string id, LiveTerminals terminals)
    {
        // A caller who may not continue it learns nothing from the faults of the request, and need not send the body.
        terminals.VerifyOwn(caller, id);
        if (
            context.Request.Headers[OffsetHeader] is not [{ } text]
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
        )
        {
            throw ApiProblem.Invalid(
                OffsetHeader,
                $"must be the number of bytes sent before, was \"{Excerpt.Of(context.Request.Headers[OffsetHeader])}\""
            );
        }
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = Limits.LiveOutputBytes;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var (there, fits) = await terminals
            .AppendAsync(caller, id, offset, body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted)
            .ConfigureAwait(false);
        context.Response.Headers[OffsetHeader] = there.ToString(CultureInfo.InvariantCulture);
        return fits
            ? TypedResults.NoContent()
            : throw new ApiProblem(Errors.LiveOffset, $"the server has {there:N0} bytes of output, and the request begins at {offset:N0}");
    }

    private static async Task<JsonHttpResult<Story>> EndAsync(
        HttpContext context,
        CurrentAccount caller,
        string id,
        LiveTerminals terminals,
        StoryView view,
        Viewers viewers
    )
    {
        var end = await JsonBody.ReadAsync(context.Request, ContractsJson.Default.LiveEnd).ConfigureAwait(false);
        if (end.ExitCode is not (>= 0 and <= 255))
        {
            throw ApiProblem.Invalid(
                "exitCode",
                $"must be 0 to 255, was {end.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "missing"}"
            );
        }
        var entry = await terminals.EndAsync(caller, id, end.ExitCode.Value).ConfigureAwait(false);
        return TypedResults.Json(view.Of(entry, viewers.Of(caller.Number)), ContractsJson.Default.Story);
    }

    private static async Task FollowAsync(HttpContext context, CurrentAccount caller, string id, LiveTerminals terminals, LiveStream stream)
    {
        var broadcast = terminals.GetVisible(caller, id);
        broadcast.Enter();
        try
        {
            var headers = context.Response.Headers;
            headers.ContentType = "text/event-stream";
            headers.CacheControl = "no-store";
            // Several proxies know this header: pass each event on at once.
            headers["X-Accel-Buffering"] = "no";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await stream.WriteAsync(context, caller, broadcast).ConfigureAwait(false);
        }
        finally
        {
            broadcast.Leave();
        }
    }
}
