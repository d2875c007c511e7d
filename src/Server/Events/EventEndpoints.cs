using Microsoft.AspNetCore.Http.Features;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Events;

/// <summary>The stream of what happens to the stories that the caller may see.</summary>
internal static class EventEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    public static void AddEvents(this IServiceCollection services) => services
        .AddSingleton<EventFeed>()
        .AddSingleton<EventStream>()
        .AddHostedService<EventBeat>();

    public static void MapEvents(this IEndpointRouteBuilder app) => app.MapGet("/v1/events", ListenAsync).WithMetadata(Access.ReadOrPost);

    private static async Task ListenAsync(HttpContext context, EventFeed feed, EventStream stream)
    {
        var listener = feed.Join(context.Account(), context.Request.Headers[LastEventId]);
        try
        {
            var headers = context.Response.Headers;
            headers.ContentType = "text/event-stream";
            headers.CacheControl = "no-store";
            // Known to proxies of several makes: each event must pass at once.
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
