using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Stories;

/// <summary>A page of stories as JSON, the same as <see cref="Contracts.Page{T}"/> gives.</summary>
internal sealed class StoryPage(RenderedStories rendered, ViewerContext viewer, IEnumerable<StoryEntry> stories, string? next) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var body = new PooledBuffer();
        body.Write("{\"items\":["u8);
        var isFirst = true;
        foreach (var story in stories)
        {
            body.Write(isFirst ? [] : ","u8);
            rendered.Write(body, story, viewer);
            isFirst = false;
        }
        body.Write("],\"nextCursor\":"u8);
        if (next is null)
        {
            body.Write("null}"u8);
        }
        else
        {
            // A cursor is an id: no character of it is escaped.
            body.Write("\""u8);
            body.Write(System.Text.Encoding.UTF8.GetBytes(next));
            body.Write("\"}"u8);
        }
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.Written.Length;
        await httpContext.Response.Body.WriteAsync(body.Written, httpContext.RequestAborted).ConfigureAwait(false);
    }
}
