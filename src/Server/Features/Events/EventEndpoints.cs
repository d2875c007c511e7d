using Microsoft.AspNetCore.Http.Features;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Features.Events;

/// <summary>The stream of events about stories that the caller may see.</summary>
internal static class EventEndpoints
{
    private const string LastEventId = "Last-Event-ID";
    private static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(3);

    public static void AddEvents(this IServiceCollection services) =>
        services
            .AddSingleton(provider => new EventIds(
                provider.GetRequiredService<ServerOptions>().Database is null
                    ? null
                    : provider.GetRequiredService<Database>().ReadOrMakeKey("event-key", EventIds.KeyBytes)
            ))
            .AddSingleton<EventView>()
            .AddSingleton<RenderedEvents>()
            .AddSingleton<EventBroadcaster>()
            .AddSingleton<EventStream>()
            .AddHostedService<EventHeartbeat>();

    public static void MapEvents(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/events", ListenAsync)
            .RequireAuthorization(Policies.ReadOrPost)
            .WithMetadata(NeverEnds.Yes)
            .Describe(
                new(Tags.Events, "listenToEvents", "Streams what happens to stories, as server-sent events")
                {
                    Details =
                        "Each `data` is a `StoryEvent` in JSON. Each `id` is a place to resume from with `Last-Event-ID`, over at least the last hour. A `reset` says that you may have missed events: reload what you show. A comment comes at least every 15 s. A token that may only post gets events of its own stories.",
                    Headers = [LastEventId],
                    Answers = [new(200, "A stream without end.") { Json = [typeof(StoryEvent)], Media = ["text/event-stream"] }],
                }
            );

    private static async Task ListenAsync(
        HttpContext context,
        CurrentAccount caller,
        EventBroadcaster feed,
        EventStream stream,
        Database database
    )
    {
        string? last = context.Request.Headers[LastEventId];
        // It may have come from a server that is ahead of this one.
        await database.Role.WaitForAsync(feed.CommitOf(last), CatchUpPatience, context.RequestAborted).ConfigureAwait(false);
        var listener = feed.Join(caller, last);
        try
        {
            var headers = context.Response.Headers;
            headers.ContentType = "text/event-stream";
            headers.CacheControl = "no-store";
            // Several proxies know this header: pass each event on at once.
            headers["X-Accel-Buffering"] = "no";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await stream.WriteAsync(context, listener).ConfigureAwait(false);
        }
        finally
        {
            feed.Leave(listener);
        }
    }
}
