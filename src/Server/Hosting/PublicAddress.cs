using System.Net;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Hosting;

/// <summary>The address of this server in links: the configured one, a trusted proxy's, or that of the listener that got the request.</summary>
internal sealed class PublicAddress(ServerOptions options, ILogger<PublicAddress> log)
{
    private int _hasWarned;

    /// <summary>Scheme, host and port. Never from the caller's own Host header.</summary>
    /// <exception cref="ApiProblem"><c>invalid_request</c> when the request came through a Unix socket, which has no such address.</exception>
    public string Of(HttpContext context) =>
        Find(context)
        ?? throw ApiProblem.Invalid(
            "base-url",
            "a server that is reached by a Unix socket makes links only with the option --base-url, or --trusted-proxy unix"
        );

    /// <summary>As <see cref="Of"/>; null when there is none.</summary>
    public string? Find(HttpContext context)
    {
        if (options.BaseUrl is { } url)
        {
            return url.ToString().TrimEnd('/');
        }
        if (context.IsBehindTrustedProxy() && context.Request.Host.HasValue)
        {
            var told = $"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}";
            if (IsProxysWayToUs(context) && Interlocked.Exchange(ref _hasWarned, 1) == 0)
            {
                Log.LinksLeadToUs(log, told);
            }
            return told;
        }
        var address = context.Connection.LocalIpAddress;
        if (address is null)
        {
            return null;
        }
        address = address.Unmapped();
        var own = new UriBuilder(context.Request.Scheme, address.ToString(), context.Connection.LocalPort).Uri.ToString().TrimEnd('/');
        WarnOfProxy(context, address, own);
        return own;
    }

    /// <summary>Whether the host that a trusted proxy sends is its own address for us, not the public one. nginx sends that by default.</summary>
    private static bool IsProxysWayToUs(HttpContext context)
    {
        var (request, from) = (context.Request, context.Connection.RemoteIpAddress);
        var host = request.Host.Host.Trim('[', ']');
        var address = IPAddress.TryParse(host, out var parsed) ? parsed : null;
        var isLoopback = host == "localhost" || (address is not null && IPAddress.IsLoopback(address));
        if (isLoopback && from is not null && !IPAddress.IsLoopback(from))
        {
            return true;
        }
        // The port is ours, or it is a name without a domain, for which no authority issues certificates.
        return context.IsForwardedWithoutHost()
            && (
                isLoopback
                || (request.Host.Port is { } port && port == context.Connection.LocalPort)
                || (request.IsHttps && !host.Contains('.', StringComparison.Ordinal) && address is null)
            );
    }

    /// <summary>Whether the address that the caller used cannot be this listener's, so that a proxy must be in between.</summary>
    private static bool IsReachedOtherwise(HttpRequest request, IPAddress address)
    {
        var host = request.Host.Host.Trim('[', ']');
        if (host is "" or "localhost" || IPAddress.TryParse(host, out _))
        {
            var named = IPAddress.TryParse(host, out var given) ? given : null;
            return named is null
                ? host.Length > 0 && !IPAddress.IsLoopback(address)
                : !named.Equals(address) && !(IPAddress.IsLoopback(named) && IPAddress.IsLoopback(address));
        }
        // The name may be this machine's. But no other machine reaches a loopback address directly, and no authority issues certificates for private addresses.
        return IPAddress.IsLoopback(address) || request.IsHttps;
    }

    /// <summary>Warns once when an unknown proxy is in front: links would lead to an address that their readers cannot reach.</summary>
    private void WarnOfProxy(HttpContext context, IPAddress address, string own)
    {
        var header = TrustedProxyExtensions.FindProxyHeader(context);
        if ((header is not null || IsReachedOtherwise(context.Request, address)) && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            var sign = header is not null ? $"the header {header} says" : $"the host \"{Excerpt.Of(context.Request.Host.Value)}\" shows";
            Log.LinksLeadElsewhere(log, own, sign);
        }
    }
}
