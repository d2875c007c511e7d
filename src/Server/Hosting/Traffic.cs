using System.Collections.Concurrent;

namespace StoriesCli.Server.Hosting;

/// <summary>Counts what was asked and answered.</summary>
internal sealed class Traffic
{
    private readonly ConcurrentDictionary<(string Method, int Status), long> _requests = [];
    private long _received;
    private long _sent;

    /// <summary>Bytes of bodies, as far as their lengths were declared.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _received);

    public long SentBytes => Interlocked.Read(ref _sent);

    // A copy that is made under its locks: sorting the dictionary itself fails when a row comes meanwhile.
    public IEnumerable<(string Method, int Status, long Count)> Requests =>
        _requests.ToArray().OrderBy(r => r.Key).Select(r => (r.Key.Method, r.Key.Status, r.Value));

    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            var request = context.Request;
            // Anybody can make up a method, and each would be a row for ever.
            var method = request.Method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" ? request.Method : "other";
            _requests.AddOrUpdate((method, context.Response.StatusCode), 1, (_, count) => count + 1);
            Interlocked.Add(ref _received, request.ContentLength ?? 0);
            Interlocked.Add(ref _sent, HttpMethods.IsHead(method) ? 0 : context.Response.ContentLength ?? 0);
        }
    }
}
