using System.Diagnostics.Metrics;

namespace StoriesCli.Server.Hosting;

/// <summary>Counts what was asked and answered. How long it took the framework measures itself, as <c>http.server.request.duration</c>.</summary>
internal sealed class RequestMetrics
{
    private readonly Counter<long> _requests;
    private readonly Counter<long> _received;
    private readonly Counter<long> _sent;

    public RequestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Metrics.MeterName);
        _requests = meter.CreateCounter<long>("stories.http.requests", description: "Requests answered.");
        _received = meter.CreateCounter<long>("stories.http.received", "By", "Bytes of request bodies whose length was declared.");
        _sent = meter.CreateCounter<long>("stories.http.sent", "By", "Bytes of answers' bodies whose length was declared.");
    }

    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            if (_requests.Enabled)
            {
                Count(context.Request, context.Response);
            }
        }
    }

    private void Count(HttpRequest request, HttpResponse response)
    {
        // Anybody can make up a method, and each would be a row for ever.
        var method = request.Method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" ? request.Method : "other";
        _requests.Add(1, new("method", method), new("status", response.StatusCode));
        _received.Add(request.ContentLength ?? 0);
        _sent.Add(HttpMethods.IsHead(method) ? 0 : response.ContentLength ?? 0);
    }
}
