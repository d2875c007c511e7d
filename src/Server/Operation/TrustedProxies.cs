using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace StoriesCli.Server.Operation;

/// <summary>Whose word on where a request comes from is believed.</summary>
/// <param name="Networks">Proxies by address.</param>
/// <param name="Unix">Whether whoever can open a Unix socket we listen on is one.</param>
internal sealed record TrustedProxies(IReadOnlyList<IPNetwork> Networks, bool Unix)
{
    public static readonly TrustedProxies None = new([], Unix: false);

    /// <summary>Whether whoever sits at the other end of this connection is one. Asked before forwarded headers put another address in its place.</summary>
    public bool Include(IPAddress? remote)
    {
        if (remote is null)
        {
            return Unix;
        }
        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        return Networks.Any(network => network.Contains(address) || network.Contains(remote));
    }

    public bool IsAny => Unix || Networks.Count > 0;

    /// <exception cref="FormatException">Says what is allowed.</exception>
    public static TrustedProxies Parse(string text)
    {
        var networks = new List<IPNetwork>();
        var unix = false;
        foreach (var one in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (one == "unix")
            {
                unix = true;
            }
            else if (IPNetwork.TryParse(one, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(one, out var address))
            {
                networks.Add(new(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                throw new FormatException($"must be unix, an address, or a network such as 10.0.0.0/8, was \"{one}\"");
            }
        }
        return new(networks, unix);
    }
}

internal static class TrustedProxyExtensions
{
    private sealed record Behind;

    /// <summary>Whether the request came through a trusted proxy, so that its <c>Host</c> is the proxy's word.</summary>
    public static bool IsBehindTrustedProxy(this HttpContext context) => context.Features.Get<Behind>() is not null;

    /// <summary>Takes address, scheme and host from the headers of trusted proxies, and from nobody else's.</summary>
    public static void UseTrustedProxies(this WebApplication app, TrustedProxies proxies)
    {
        if (proxies.IsAny)
        {
            app.Use((context, next) =>
            {
                if (proxies.Include(context.Connection.RemoteIpAddress))
                {
                    context.Features.Set(new Behind());
                }
                return next(context);
            });
        }
        if (proxies.Networks.Count > 0)
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, ForwardLimit = null };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in proxies.Networks)
            {
                options.KnownIPNetworks.Add(network);
            }
            app.UseWhen(context => context.Connection.RemoteIpAddress is not null, branch => branch.UseForwardedHeaders(options));
        }
        if (proxies.Unix)
        {
            // A socket has no address to check, so only the last hop, the proxy's own, is believed.
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, ForwardLimit = 1 };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            app.UseWhen(context => context.Connection.RemoteIpAddress is null, branch => branch.UseForwardedHeaders(options));
        }
    }
}
