using Microsoft.AspNetCore.Routing.Patterns;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Rules of all routes: HEAD is answered wherever GET is (RFC 9110, 9.3.2), paths are told apart by case, and no cache keeps an answer that does not say so.</summary>
internal static class HttpConventions
{
    private const string EndlessType = "text/event-stream";

    public static void UseRoutingWithManners(this WebApplication app)
    {
        app.Use(AnswerAsync);
        app.UseRouting();
        app.Use(CheckRouteAsync);
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(ForbidCaching, context);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        context.Features.Set(new HeadFeature());
        context.Request.Method = HttpMethods.Get;
        // HTTP/2 resets a stream whose answer to HEAD has a body.
        var body = context.Response.Body;
        context.Response.Body = Stream.Null;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.Response.Body = body;
            context.Request.Method = HttpMethods.Head;
        }
    }

    private static Task CheckRouteAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return next(context);
        }
        if (!IsSpelledAs(endpoint.RoutePattern, context.Request.Path.Value ?? ""))
        {
            throw new ApiProblem(Errors.RouteNotFound, $"there is no route {Excerpt.Of(context.Request.Path)}");
        }
        if (context.Features.Get<HeadFeature>() is not null)
        {
            if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Head) == true)
            {
                // It spares itself reading what nobody is sent.
                context.Request.Method = HttpMethods.Head;
            }
            else if (endpoint.Metadata.GetMetadata<RouteDocs>()?.Answers.Any(answer => answer.Media.Contains(EndlessType)) == true)
            {
                context.Response.Headers.Allow = HttpMethods.Get;
                throw new ApiProblem(
                    Errors.MethodNotAllowed,
                    $"{Excerpt.Of(context.Request.Path)} takes GET, not HEAD: its answer does not end"
                );
            }
        }
        return next(context);
    }

    /// <summary>Routing takes <c>/V1/Stories</c> for <c>/v1/stories</c>, as proxies and logs in front of it do not.</summary>
    private static bool IsSpelledAs(RoutePattern route, string path)
    {
        var rest = path.AsSpan().TrimStart('/');
        foreach (var segment in route.PathSegments)
        {
            var end = rest.IndexOf('/');
            var given = end < 0 ? rest : rest[..end];
            if (segment is { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } && !given.SequenceEqual(literal.Content))
            {
                return false;
            }
            rest = end < 0 ? [] : rest[(end + 1)..];
        }
        return true;
    }

    private static Task ForbidCaching(object state)
    {
        var context = (HttpContext)state;
        if (
            context.Response.Headers.CacheControl.Count == 0
            && context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
        )
        {
            context.Response.Headers.CacheControl = "no-store";
        }
        return Task.CompletedTask;
    }

    /// <summary>The request came as HEAD, and is routed as GET.</summary>
    private sealed record HeadFeature;
}
