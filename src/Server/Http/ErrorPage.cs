using Microsoft.Net.Http.Headers;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Endpoint metadata: the page that a route for people answers with when it fails and the caller accepts HTML. Other callers get the problem document.</summary>
/// <param name="SetHeaders">What comes with the route's pages.</param>
/// <param name="Html">The page.</param>
internal sealed record ErrorPage(Action<IHeaderDictionary> SetHeaders, Func<ErrorCode, string> Html)
{
    private const string Type = "text/html";

    public static bool IsFor(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == Type && accepted.Quality is null or > 0);

    public async Task WriteAsync(HttpResponse response, ErrorCode error)
    {
        SetHeaders(response.Headers);
        response.Headers.Vary = HeaderNames.Accept;
        response.ContentType = Type + "; charset=utf-8";
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            await response.WriteAsync(Html(error), response.HttpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
