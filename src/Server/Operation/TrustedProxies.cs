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
    /// <summary>Takes address and scheme from the headers of trusted proxies, and from nobody else's.</summary>
    public static void UseTrustedProxies(this WebApplication app, TrustedProxies proxies)
    {
        if (proxies.Networks.Count > 0)
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
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
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            app.UseWhen(context => context.Connection.RemoteIpAddress is null, branch => branch.UseForwardedHeaders(options));
        }
    }
}
